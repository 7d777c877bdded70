/** The cron library, as the host hands it into the sandbox. */
declare module 'pulsegate:cron' {
  export { Cron } from 'croner';
}
