/** What to do for BlueZ to run. */
export const WANTS_BLUEZ =
  'install and start BlueZ (Debian, Ubuntu, Raspberry Pi OS: `sudo apt install bluez`, `sudo systemctl enable --now bluetooth`)';
export const WANTS_RIGHTS =
  'give Node.js the right to use the adapter directly (`sudo setcap cap_net_raw+eip $(readlink -f $(which node))`, again after every update of Node.js)';
/** Where D-Bus turns this program away. */
export const WANTS_ENTRANCE =
  'end programs of this user that hold connections to it, or allow the user in its configuration (/etc/dbus-1/system.d)';
