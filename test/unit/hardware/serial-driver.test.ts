import { LinuxBinding } from '@serialport/bindings-cpp';
import { describe, expect, it } from 'vitest';
import { openSerialPort } from '../../../core/hardware/serial-driver.js';
import { describeSocat, Pty, speedOf, timesOpen } from '../../support/pty.js';

const settings = { path: '/dev/ttyUSB0', baudRate: 74_880, baudRateKey: 'plugins.hardware-serial.ports[0].baudRate' };

/** The library of a system that says this when a port is opened. */
const saying = (message: string) => ({
  list: async () => [],
  open: () => Promise.reject(new Error(message)),
});

const REFUSED =
  '/dev/ttyUSB0 cannot be opened: the system refuses 74880 baud; plugins.hardware-serial.ports[0].baudRate sets another rate';

describe('a serial port that cannot be opened', () => {
  it.each([
    ['Linux', 'Error: Invalid argument || while setting custom baud rate of 74880', REFUSED],
    ['Linux with an old kernel', 'Error: Invalid argument || while retrieving termios2 info', REFUSED],
    ['macOS', 'Error: Invalid argument calling ioctl(.., IOSSIOSPEED, 74880 )', REFUSED],
    ['other systems', 'Error baud rate of -1 is not supported on your platform', REFUSED],
    ['Windows', 'Open (SetCommState): Unknown error code 87', REFUSED],
    [
      'whose it is',
      'Error: Permission denied, cannot open /dev/ttyUSB0',
      '/dev/ttyUSB0 cannot be opened: not allowed; on Linux, add your user to the group dialout (`sudo usermod -a -G dialout $USER`) and log in again',
    ],
    [
      'what is none',
      'Error: Inappropriate ioctl for device setting custom baud rate of 74880',
      '/dev/ttyUSB0 is no serial port',
    ],
    ['nothing there', 'Error: No such file or directory, cannot open /dev/ttyUSB0', 'there is no port /dev/ttyUSB0'],
    ['nothing there on Windows', 'Opening COM3: File not found', 'there is no port /dev/ttyUSB0'],
    ['a folder', 'Error: Is a directory, cannot open /dev/ttyUSB0', '/dev/ttyUSB0 is no serial port'],
    [
      'somebody else',
      'Error Resource temporarily unavailable Cannot lock port',
      '/dev/ttyUSB0 cannot be opened: another program has it open',
    ],
    ['Windows', 'Opening COM3: Access denied', '/dev/ttyUSB0 cannot be opened: another program has it open'],
  ])('because of %s says so in one sentence: %s', async (_who, message, sentence) => {
    await expect(openSerialPort(settings, saying(message))).rejects.toThrow(sentence);
    await expect(openSerialPort(settings, saying(message))).rejects.toHaveProperty('code', 'GW_LINK');
  });
});

describeSocat('a serial port', () => {
  it('has exactly the rate that was asked for, also one that is not usual', async () => {
    await using pty = await Pty.create();
    const port = await openSerialPort({ ...settings, path: pty.path, baudRate: 57_600 });
    expect(await speedOf(pty.path)).toBe(57_600);
    await port.close(true);
    const unusual = await openSerialPort({ ...settings, path: pty.path, baudRate: 74_880 });
    await unusual.close(true);
    expect(await timesOpen(pty.path)).toBe(0);
  });

  it('whose system quietly takes another rate is closed again, and said to be so', async () => {
    await using pty = await Pty.create();
    const otherRate = (baudRate: number) => ({
      list: async () => [],
      async open() {
        const port = await LinuxBinding.open({ path: pty.path, baudRate: 9_600 });
        return Object.assign(port, { getBaudRate: async () => ({ baudRate }) });
      },
    });
    const wanted = { ...settings, path: pty.path };
    await expect(openSerialPort(wanted, otherRate(9_600))).rejects.toThrow('the system refuses 74880 baud');
    expect(await timesOpen(pty.path)).toBe(0);
    // What a chip makes of it is never quite the rate.
    const port = await openSerialPort(wanted, otherRate(75_000));
    await port.close(true);
    expect(await timesOpen(pty.path)).toBe(0);
  });
});
