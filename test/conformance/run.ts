import { main } from './main.js';

// npm runs scripts in the package's folder; paths are meant from where the person stands.
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  print: (line) => process.stdout.write(`${line}\n`),
});
