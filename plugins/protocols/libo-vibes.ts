import {
  bluetooth,
  type DeviceWrite,
  defineProtocol,
  features,
  model,
  otherwise,
  packet,
  stateless,
  unsupported,
  vibrate,
} from 'pulsegate/plugin';

const motorAndSuction = (motor: string, suction: string) =>
  features(vibrate(100, { id: motor }), vibrate(3, { id: suction }));
const standard = features(vibrate(100, { id: 'db5d9b0a-8498-4f5a-b53b-111a9940367d' }));

const MOTOR = 0;
const SUCTION = 1;
/** The slot of the zero for the suction's endpoint that some motors need to stop: no later suction may take its place. */
const MOTOR_OFF = 'motor off';

const suctionAt = (level: number) => packet(SUCTION, [level], { endpoint: 'txmode' });

/** What the suction did goes on after the motor has stopped. */
function motorAt(level: number, suction: number): DeviceWrite[] {
  if (level > 0) return [packet(MOTOR, [level])];
  const stop = [packet(MOTOR, [0]), packet(MOTOR_OFF, [0], { endpoint: 'txmode' })];
  return suction > 0 ? [...stop, suctionAt(suction)] : stop;
}

export const liboVibes = defineProtocol({
  id: 'libo-vibes',
  brand: 'LiBo',
  corrections: [
    'Motor and suction no longer overtake each other: in the reference, a stop of both may leave the motor running.',
    'Stopping the motor leaves the suction at its level; the reference turns it off unasked.',
  ],
  links: [
    bluetooth({
      names: ['XiaoLu', 'LuXiaoHan', 'BaiHu', 'Gugudai', 'Yuyi', 'LuWuShuang', 'LiBo', 'QingTing', 'Huohu', 'Haima'],
      services: { '6000': { tx: '6001', txmode: '6002' } },
    }),
  ],
  models: [
    otherwise('Libo Vibes Device', standard, { id: '8ba2bd4c-962b-45ff-87e1-3812084c7c1c' }),
    model('XiaoLu', 'Libo Lottie', standard, { id: '9c9b46bd-ab5e-4ec2-a9db-c80571074cfb' }),
    model('LuXiaoHan', 'Libo LuLu', standard, { id: '80deea27-6833-4bdc-9d24-02615c3197d9' }),
    model('LuWuShuang', 'Libo Adel', standard, { id: 'd761eb50-9051-44ce-82ed-d301aa532cc3' }),
    model('LiBo', 'Libo Lily', standard, { id: 'f9e758fe-3327-435b-94e3-eda7445d49e1' }),
    model('QingTing', 'Libo Lucy', standard, { id: '93ce6ac4-2f24-4a8e-ab81-7a046403eb0c' }),
    model('Huohu', 'Libo Lara', standard, { id: 'f0234003-d8d3-4858-837b-8051109e6770' }),
    model('Yuyi', 'Libo Feather', features(vibrate(99, { id: '39eca274-5634-4433-9be5-2c688fb9b65c' })), {
      id: 'c63739df-3b00-4602-8d3d-8f1080ec499c',
    }),
    model(
      'BaiHu',
      'Libo LaLa',
      motorAndSuction('4239e32b-b3ad-49e2-a96e-1fb7298b1889', '5f43a406-9567-43fc-b3b8-5383b5200bfd'),
      { id: '2de690ff-ad02-4272-a2c7-845c3ea8b28c' },
    ),
    model(
      'Gugudai',
      'Libo Carlos',
      motorAndSuction('6fc0149e-d041-4987-a66e-dbf36739331f', '80b80fb2-b458-4661-a1e2-a8f27651d390'),
      { id: '8e342d89-66d4-4943-ae42-015cb268444b' },
    ),
    model(
      'Haima',
      'Libo Selina',
      motorAndSuction('54c02210-8494-40c6-a04c-e0a302aa735e', 'a2fb0a58-895b-49f5-bc88-b0a38bc64e68'),
      { id: '6d2f4df7-18a1-4568-81be-0e8e545e82a1' },
    ),
  ],
  // In one slot for all, a stop of the suction would take the place of the motor's (facts: protocols/libo-vibes, doubts).
  open: stateless((order, levels) => {
    if (order.feature.index === MOTOR) return motorAt(order.value, levels.get(SUCTION, 'Vibrate'));
    return order.feature.index === SUCTION ? [suctionAt(order.value)] : unsupported(order);
  }),
});
