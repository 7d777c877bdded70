/** Sections of a configuration that keep a test from what is plugged into the machine it runs on. */
export const NO_RADIO = { 'hardware-bluetooth': { enabled: false }, 'hardware-hid': { enabled: false } };
