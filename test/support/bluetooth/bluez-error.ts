import { DBusError } from 'dbus-next';

/** As BlueZ refuses: `org.bluez.Error.NotReady`. */
export class BluezError extends DBusError {
  constructor(name: string, text: string) {
    super(`org.bluez.Error.${name}`, text);
  }
}
