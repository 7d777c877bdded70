/**
 * The gateway's address space on a broker: the public contract of docs/mqtt.md. Built here and nowhere else.
 *
 * `root` is `<baseTopic>/<gateway>`, `device` a `DeviceCard.id`, `feature` a feature index.
 */
export const mqttTopics = (root: string) => ({
  /** Retained `online` or `offline`; the gateway's last will. */
  status: `${root}/status`,
  /** Retained JSON about the gateway. */
  info: `${root}/info`,
  /** The gateway's own question to the broker whether it is there, and its mark between what was retained and what comes now. */
  heartbeat: `${root}/heartbeat`,
  sync: `${root}/sync`,
  /** Everything that was wrong with what somebody published, as JSON. */
  errors: `${root}/errors`,
  /** Stops everything, whatever the payload. */
  stop: `${root}/stop`,
  /** Retained `ON` while a scan runs, else `OFF`; and what turns it on and off. */
  scan: `${root}/scan`,
  scanSet: `${root}/scan/set`,
  /** Retained: how many devices are connected. */
  deviceCount: `${root}/device-count`,
  device: (device: string) => {
    const at = `${root}/devices/${device}`;
    return {
      /** Retained JSON: name, model, features and their ranges. */
      info: `${at}/info`,
      /** Retained `online` or `offline`. */
      availability: `${at}/availability`,
      /** Stops the device. */
      stop: `${at}/stop`,
      feature: (feature: number) => ({
        /** What an output is told: JSON or a bare number. */
        set: `${at}/${feature}/set`,
        /** Stops the feature. */
        stop: `${at}/${feature}/stop`,
        /** Retained JSON: levels by output type, last readings by input type. */
        state: `${at}/${feature}/state`,
        /** Not retained: what a button or another input reports, as it happens. */
        event: `${at}/${feature}/event`,
      }),
    };
  },
  /** One Buttplug session; `client` and `session` are chosen by the client. */
  session: (client: string, session: string) => {
    const at = `${root}/clients/${client}/${session}`;
    return {
      /** Frames from the client to the gateway. */
      up: `${at}/up`,
      /** Frames from the gateway to the client. */
      down: `${at}/down`,
      /** The client's last will: it is gone. */
      gone: `${at}/gone`,
    };
  },
});
