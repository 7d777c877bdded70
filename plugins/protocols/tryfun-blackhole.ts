import {
  at,
  bluetooth,
  byType,
  defineProtocol,
  features,
  model,
  oscillate,
  otherwise,
  packet,
  perFeature,
  vibrate,
} from 'pulsegate/plugin';

/** A packet of the newer TryFun toys: its number, `02 00`, how many bytes follow, data, and a checksum without the number. */
export function tryfunFrame(number: number, data: readonly number[]): number[] {
  const body = [0x02, 0x00, data.length + 1, ...data];
  const sum = body.reduce((total, byte) => total + byte, 0);
  return [number, ...body, (body.length - sum) & 0xff];
}

/** Frames that are numbered as long as a connection lasts; what is said again has a number of its own. */
export function numberedFrames() {
  let count = 0;
  let last: readonly number[] = [];
  const next = (data: readonly number[]) => {
    last = data;
    const frame = tryfunFrame(count, data);
    count = (count + 1) & 0xff;
    return frame;
  };
  return { next, again: () => next(last) };
}

export const tryfunBlackhole = defineProtocol({
  id: 'tryfun-blackhole',
  brand: 'TryFun',
  links: [bluetooth({ names: ['TF-BHPLUS', 'TF-ROCK'], services: { ffac: { tx: 'ffb7' } } })],
  models: [
    otherwise(
      'TryFun Black Hole Plus',
      features(
        oscillate(100, { id: '3bf4453c-8ca3-42e5-82c6-409d85cdbacf' }),
        vibrate(100, { id: 'e10533e6-9aac-4a71-99c1-0b44378d9f06' }),
      ),
      { id: '074de6cc-7aee-4b33-8d14-474a61d26548' },
    ),
    model('TF-ROCK', 'TryFun Rock', features(at(1, vibrate(50, { id: 'e27b1f9c-8a34-4d12-b76e-9f8c2a5d176b' }))), {
      id: 'd2e5f7a9-1b3c-4680-bf5d-7c9a2e4f6d8b',
    }),
  ],
  open() {
    const framed = numberedFrames();
    return {
      keepalive: () => packet('again', framed.again()),
      output: byType({
        Oscillate: perFeature(({ value }) => framed.next([0x0c, value])),
        Vibrate: perFeature(({ value }) => framed.next([0x09, value])),
      }),
    };
  },
});
