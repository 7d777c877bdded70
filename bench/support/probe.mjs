// Preloaded into the gateway under measurement (node --expose-gc --import): collects garbage and reports memory when asked.
// Plain JavaScript, because the loader that strips types would be part of the memory measured.
process.on('message', () => {
  globalThis.gc();
  globalThis.gc();
  process.send(process.memoryUsage());
});
process.channel.unref();
process.on('disconnect', () => process.exit());
