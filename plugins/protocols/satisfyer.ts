import {
  type Advertisement,
  bluetooth,
  defineProtocol,
  features,
  model,
  motorPlaces,
  otherwise,
  type ProtocolContext,
  vibrate,
  wholeDevice,
} from 'pulsegate/plugin';

const COMPANY = 93;

const motors = (ids: readonly string[]) => features(...ids.map((id) => vibrate(100, { id })));
const oneMotor = motors(['7153daef-c222-4841-9495-289798fff9ea']);
/** Without motors of its own, a toy has the single one that all such toys share. */
const toy = (numbers: readonly number[], name: string, id: string, motorIds?: readonly string[]) =>
  model(numbers.map(String), `Satisfyer ${name}`, motorIds ? motors(motorIds) : oneMotor, { id });

const models = [
  otherwise('Satisfyer Device', oneMotor, { id: '9a934b7a-b6aa-4ad6-8d5c-e00971d67159' }),
  toy([10005], 'Hot Spot', 'a8a7887f-c5dd-4e2c-ae88-d20e954bc65a', ['b9bcbd6f-9f4a-4738-9a64-08e646fa2297']),
  toy([10006], 'Heated Affair', '444d9fc4-23ed-4ea5-a1a5-923680d78af3', [
    'b03a8a9e-13ef-4ed6-820e-cb07d4e3aa30',
    '624f9203-ca16-429c-b076-0725a5c04077',
  ]),
  toy([10007], 'Big Heat', '67f6a3ba-d167-4d44-ac52-0991dbf1df16'),
  toy([10008], 'Heated Thrill', '4bb68190-ea62-4277-b7f1-3d6f055a939a', ['e5368b0e-00a7-4f20-b338-2a33d65db794']),
  toy([10009], 'Hot Bunny', 'b8219c94-f239-4f12-b3ab-ceeb816bdfb4', [
    'cd889856-c5a8-4d7b-9ff6-5f7e49c13b4a',
    '5e8eba19-d6cf-4c85-9824-5afd6191c95a',
  ]),
  toy([10010], 'Heat Climax', '1340347e-7e6a-4c27-a593-7b7a41b09332', ['7473ae23-1678-4d6c-bc45-311e126dce65']),
  toy([10011], 'Heat Climax+', '4ffc5fb8-a619-4cbc-8cc9-23104a473ee4', [
    '715282dc-6919-4a8f-a339-adeb0fa8b4b0',
    '1eb40efb-6aa5-4154-a2f4-8cc962cd2682',
  ]),
  toy([10012], 'Hot Passion', 'a05e4d51-c296-4395-b5ba-1b8801079a15', ['46c676b0-5dae-4376-b6b3-c3f0b9526260']),
  toy([10013], 'Haute Couture+', 'defd08cf-76b3-4957-88ef-5c7fb2a89ff0', [
    'dd995a89-a889-40a8-9a88-aa05b8fe3e60',
    'd39282bc-910b-40d2-a8f6-2c729ba5e2f2',
  ]),
  toy([10014], 'High Fashion+', 'd36dda3c-edf3-4ec2-be9a-393934157102', [
    '9b18554d-8f0d-4941-8649-7e34375a0005',
    '3fba6850-e170-4bbf-b61c-e105b3ea7762',
  ]),
  toy([10015], 'Prêt-à-porter+', '3925e9e4-fc21-4bad-8ecd-4a8780a5ce83', [
    'cee6ec1f-1f35-48ef-8864-fa76d2ebb8a5',
    'c1a929c7-adf1-4cbe-907e-a24e6164e7af',
  ]),
  toy([10024, 10025], 'Love Triangle', 'c771d860-0592-4962-8a05-dc2e7187bff6', [
    '9dcbc0b0-b076-4b50-9104-c071d52e39ff',
    '5ae0c642-bd10-4f21-8fef-60f94ca755c5',
  ]),
  toy([10027, 10028], 'Curvy 1+', '4e47a95f-3a70-4bb4-829f-8b617afaaa1d', [
    '95143c24-8928-405c-a6d0-1a64b3830498',
    '78533341-96c5-4b21-aede-857ec827c1e6',
  ]),
  toy([10030, 10031], 'Curvy 2+', '7fa5b1e2-c30f-411f-a9b5-9eeee3d95170', [
    'f0bed160-760d-4d18-b462-247e124c537f',
    '81b4e5d2-8fd7-4fed-a6cb-d3df12366040',
  ]),
  toy([10032], 'Double Wand-er', '942818a5-f94f-4efb-b775-693f8b27ab9b'),
  toy([10046, 10047, 10048], 'Double Joy', '8b5e975e-4215-4b0c-a169-7d6209746d88', [
    '0b359281-588c-4aad-bfe1-54d605377120',
    '9b9f616a-3219-4424-9ecf-c52520dec964',
  ]),
  toy([10049, 10050, 10051], 'Double Fun', '05f9af5c-d7b9-43f0-8cf5-41f0c09def28', [
    'd6f94a0f-11cd-4242-b05e-e7f237e6b7c0',
    '2fe89205-fb8d-4fb7-93d3-d4169f92875d',
  ]),
  toy([10052, 10053, 10054], 'Double Love', '82270653-6408-43ef-a148-cdfca58a5d2d', [
    'eb62f1da-11a0-48b1-8c8e-2c8ea6e24e61',
    '16f5a83d-f0fc-41c1-a4d3-43ce13dd3529',
  ]),
  toy([10055], 'Curvy 3+', 'e7c09700-6df1-40c5-b5bb-0203c782dc01', [
    '5d900545-d8cc-4c32-9ff5-e1d8e0c30b90',
    '823f51aa-1766-41f4-b48f-f8b2de4c588e',
  ]),
  toy([10059, 10060, 10061], 'Hot Lover', '5c90d251-a2fe-461a-a4ae-0e5172a9739d', [
    '406de8d0-b6d9-4f5d-b9cd-479092898aac',
    '19f2225e-4bc8-4f70-9fb2-734abc8dd5be',
  ]),
  toy([10062, 10063, 10064], 'Mono Flex', '44dae430-c6b4-4688-8ab6-9696d82a4b00', [
    'd1bf52af-d49d-42bb-a277-73cc394dce90',
    'd1d6a777-21e2-4e6c-9f2e-679d1e75c932',
  ]),
  toy([10065, 10066, 10067, 10068], 'Double Flex', '1715eee4-4aa5-4696-9f41-6e6c299061ec', [
    'a824a4f4-11c4-4a84-81d6-424a622d1b06',
    '7aa798ab-9bc5-47b4-a318-5349c68ebf93',
    '467802b9-6e3b-4810-b659-da69885b7366',
  ]),
  toy([10069, 10070, 10071], 'Heat Wave', 'ce5ebe09-6d9d-44a1-93e9-f5247c03d3f1', [
    '704fd1ec-a242-4e02-80ab-9db6f2377a7c',
    'c6971493-fa87-45d6-b131-67af138f7b13',
  ]),
  toy([10072], 'Little Secret', 'b9a13914-c02c-44ac-b9a8-9e95776e3ceb'),
  toy([10073], 'Sexy Secret', 'c62c869a-8d62-4386-a7f9-ec68ccc99513'),
  toy([10074], 'Strong One', '03082593-a2ea-455b-9b94-66c3b1953144'),
  toy([10075], 'Mighty One', 'e8b06812-88be-4a7d-9581-8ea7210f809a'),
  toy([10076], 'Powerful One', 'd0832c21-c990-4bd8-b06f-32e5768af9d2'),
  toy([10077], 'Royal One', '1f6254b1-301c-4455-9a5e-84886d5e3fce'),
  toy([10078], 'Signet Ring', '571d6d2c-351a-4870-9a2a-af16bdc97731'),
  toy([10079, 10080], 'Dual Love', '8d5afdb3-47d1-4841-92d6-d3c7b1b2238e', [
    '39ca4a7a-c9f3-430a-8248-6001719c6a40',
    '07ff65a4-ae65-4054-bd70-419ddac6d241',
  ]),
  toy([10081, 10082], 'Dual Pleasure', 'd609d09e-86e5-4544-bda3-16b15b532f2d', [
    '18661df2-7eb2-452a-b611-85433bd99ea0',
    'c6b1acf6-511e-44bd-ab1c-b2d944a35cf0',
  ]),
  toy([10090], 'Hero+', 'cfcd017c-d3fb-46ab-82d9-55438e96a3d7', ['ec61550d-e557-4c57-b6a3-02b28bd5e0d6']),
  toy([10091], 'Knight+', '7fb611fe-6af4-4d0e-a6b8-0d4ee72e34af', ['5a8dba5a-ca48-4340-8140-fa1fc4d86b73']),
  toy([10092, 10093], 'Newcomer+', '98dcb92c-84a1-4a1f-88b9-7c61098020de', ['31fb6881-d23e-4f07-b233-c6531ccc79b3']),
  toy([10100, 10101], 'Plug-ilicious 1', 'c7d1d682-b311-4ce8-b552-d68b8fcde1bc', [
    'fec3511d-2fcd-4463-9ef0-b139c8aa8b0a',
    '49020dca-5124-4965-9add-4230dfd0fe28',
  ]),
  toy([10102, 10103, 10104], 'Plug-ilicious 2', '22513021-0cb9-4f30-ada7-f7ca6a86e085', [
    '28f3bea8-f927-46a9-ab45-55daf1f76c87',
    '540b8330-f039-4870-a6d2-d536f2415cf2',
  ]),
  toy([10105], 'E-Love Foreplay', '6c07e79d-8842-4e27-88a9-9a471928da5e', ['0a939b92-0209-4d2f-b658-0db0ac9a2e6e']),
  toy([10108], 'E-Love G-Hunter', '39bfa539-7c58-49a4-87ca-a691a11c16f1', ['e46297ee-6037-44a8-ac06-5f8328d41b19']),
  toy([10109], 'E-Love G-Hunter+', '0b5bcc9b-b5d7-49d3-9c0a-c8dc82214306', [
    '9248bdf7-d918-4682-b197-59707ac5ea95',
    '8d541f70-6595-49b1-b75d-77187f9b75dc',
  ]),
  toy([10110], 'E-Love G-Spotter', '40653fca-c115-4bd4-b3fa-c3875c41a562', ['8f8b7024-005e-4fda-9c65-adf55dc3c470']),
  toy([10111], 'E-Love G-Spotter+', '5a5afa20-0518-420e-a5ab-e5b09c5c9842', [
    '397a61df-a515-49e1-a14d-af2de7855a3f',
    '27720871-f08b-4151-96f1-006a5cc137fc',
  ]),
  toy([10112], 'E-Love Story', '0bfe78b6-a128-4c68-b874-e85ee18273f0', ['56f7a9fe-d8ef-4a21-b15f-77307a6417ea']),
  toy([10119, 10120, 10182], 'Love Birds 1', 'c62ea9ae-dc65-429e-90e4-473fa8c5ffaa'),
  toy([10121, 10122, 10123], 'Love Birds 2', '17b98fe5-4aeb-4c75-b554-701daf147dff'),
  toy([10124, 10125, 10126], 'Love Birds Vary', 'fde0831c-e1da-46f0-b6fe-8bccfbe9fdae'),
  toy([10127, 10128, 10129, 10201], 'Ribbed Petal', '30fb0255-b2e5-424b-bca5-8abdbe864ebf'),
  toy([10130, 10131, 10132, 10133], 'Shiny Petal', 'b10e2742-01b9-4bc8-8caf-b18f0dc51baa'),
  toy([10134, 10135, 10136, 10202], 'Smooth Petal', '37096541-c085-4b30-a978-cf1ab8c79198'),
  toy([10140], 'Men Vibration+', '518071d2-a6b5-4ee9-9d10-9248fcc72d76', [
    '54c660d2-c326-4272-a1a8-a6ab0a3f5620',
    '992e2870-64ed-4704-a74b-2faf3baa0e4b',
  ]),
  toy([10141], 'Power Plug', 'fb04247f-1ade-4c3e-816f-1a4c81ae0db4'),
  toy([10142, 10143], 'Rotator Plug 1+', '16d47710-4849-42b0-aa9b-e7375a533dc5', [
    '55ed967f-f37b-47e9-acbd-e091ece4a25a',
    '4deb6ffc-7ffb-4892-adb9-ff3829cbf7bb',
  ]),
  toy([10144, 10145], 'Rotator Plug 2+', '7ef01670-5fa3-4bb2-b8b5-3c952f4cf263', [
    '08a92451-b728-4bf8-bde0-b2af748fc0bd',
    'f9b0e791-a348-4485-b1a5-cd90e3503e13',
  ]),
  toy([10146, 10147], 'Deep Diver', '3e04ed12-9d6e-4f7a-9cc8-09e58a9f760e'),
  toy([10148, 10149], 'Sweet Seal', '99f4d915-7fea-4be1-893e-3ab74488a383'),
  toy([10150, 10151], 'Trendsetter', 'e26a9471-44ab-438a-8290-4793ac6d5ddd'),
  toy([10154, 10155, 10156], 'Twirling Joy', '682c5153-d84c-4a30-b172-42732eaa7081'),
  toy([10157, 10158], 'Ultra Power Bullet 8', 'b7ed864e-a11d-40de-b3bc-2a28d6ebc2f2'),
  toy([10160, 10161, 10162], 'Double Desire', '17d338a2-dcb1-4170-9a01-ab2250f73b8f', [
    'c1c09c65-a2d4-4caa-9f56-cec54897758b',
    'bc03728b-573a-40d6-ae99-1aa1f508a804',
  ]),
  toy([10163, 10164, 10165, 10166], 'Double Lust', '4729ddda-fb21-4c3a-9868-b0fcbca18480', [
    '9564b21d-c2ba-444e-85c4-dd9dcd80e3b5',
    'c70c801e-980a-4052-a275-f8109058a1ad',
  ]),
  toy([10167], 'Epic Duo', 'b3879662-a471-4bea-ad9a-5d8b59a476a5'),
  toy([10168], 'Pleasure Wand+', '9404874e-3de2-4696-a620-943f5affb910'),
  toy([10169, 10170, 10171], 'Top Secret', '98f72ae0-a840-4805-918d-3427541325ca', [
    '9ccf5505-2b55-4386-aa8c-80cb7117f6c2',
    '33b12687-c341-47da-81c2-2e2cf9862712',
  ]),
  toy([10172, 10173, 10174], 'Top Secret+', '99cfefd9-fd09-40c6-9a2f-3d68385a04bc', [
    'be9d24ff-8470-481d-aee0-0ea30f0877de',
    'ed63da4f-ee14-469c-a47c-12003141716a',
  ]),
  toy([10175, 10176], 'Bullseye', '48bb511e-1cc2-4b1d-9497-022b015287bc'),
  toy([10177, 10178, 10179], 'Sunray', 'f624b4d4-5fe4-4390-9fbb-8ef170b5846c', [
    'd2786210-46f4-47ce-9f5b-80fa691e0ad2',
    'e0dbd014-7415-4d0f-946e-188e239a8154',
  ]),
  toy([10180, 10181], 'Curvy Trinity 5+', '69243058-fb93-4791-b78e-f32f50f902b3', [
    'ff20f721-e6fe-4787-964d-327d29b0c391',
    'e8322905-46aa-45f8-b7f7-25a88507a55d',
  ]),
  toy([10183, 10184], 'Intensity Plug', '20c58cef-83e0-48f2-a352-a3663453403f'),
  toy([10185], 'Power Masturbator', 'baa0ad15-08cc-426c-b1f2-02d9768f6e2c'),
  toy([10186, 10187], 'Hug me', '7d92f936-f672-478a-a26f-616758ff621d', [
    '4019145b-56cf-473e-a286-4a8d040e80cc',
    '7dc4760f-3a7c-4c2e-a7da-e7d8d52b196b',
  ]),
  toy([10188], 'Air Pump Bunny 5+', 'd112fbc4-9a5e-4518-b40c-f1200be124cd', [
    '7abb00ea-bb62-4bef-a26f-a7f7135dec2c',
    'c77d5b49-6257-4381-900a-9225caea7124',
  ]),
  toy([10189], 'Air Pump Vibrator 5+', '2278b99f-cee5-48fa-9326-8add9730e1e2', [
    '1acf7f71-e57a-4a1a-81d3-d8bb977d6b72',
  ]),
  toy([10190, 10191], 'Threesome 4', '537ce4cb-f8e2-423b-80a5-5bcbb07e6e15', [
    '467accb0-f1f6-4175-afe5-08f48d069fe3',
    '4b1b417b-ce44-45fd-be3f-77d939162e18',
  ]),
  toy([10192], 'G-Spot Flex 4+', '8ba85779-5b40-48ae-88d5-7744bf852d22'),
  toy([10193, 10194], 'G-Spot Flex 5+', '3844ee0f-94ed-49bf-9a9e-795f407c0ade'),
  toy([10195], 'Air Pump Booty 5+', '0687264e-3150-4d0a-818b-be6ad231d54c', ['12990ee9-76cc-4b48-b711-f70587f14fd7']),
  toy([10196], 'Pro+ Wave 4', '7c33ff57-e4c7-4110-9814-451062806981', [
    'c8d73535-d37b-4baa-81c6-c301f32390e0',
    '304c7318-bd1b-40ba-a475-90b4d7127c46',
  ]),
  toy([10197, 10198], 'Mini Wand-er+', 'a1cb3608-d17c-4c5f-b3d5-4c7ee87d5467', [
    '3a37453d-605c-4dd4-a83a-28be69ac55b8',
    '42dafbc1-0aac-4348-898a-8d467d903191',
  ]),
  toy([10199, 10200], 'Tropical Tip', '7790e568-454e-45f8-85bb-5f8fd855c554'),
  toy([10203, 10204], 'Twirling Pro+', '1bc5cd0a-feb7-4cfc-9155-09c7565d85e0', [
    '866a3152-759b-4777-8578-8abaff6aea9a',
    '5a7b0180-16b1-41e7-a016-af4a761564de',
  ]),
  toy([10205], 'Perfect Pair 4', '7c2560dc-06d4-4da6-874a-5f6c2c05810d'),
  toy([10206, 10207, 10208], 'Booty Absolute Beginners 5', '0a682803-b5ad-457a-bbf0-40e48b71cbcf'),
  toy([10241, 10242], 'Rrrolling Sensation', '2a429cdd-20f9-4a22-82a9-dd79234e23de', [
    'fdb9014d-b7b9-4b28-8804-cdf26b432df1',
    '6665fc3b-a8e6-4a36-ad11-46f449abfc90',
  ]),
  toy([10307, 10308, 10309], 'Pro 2 Gen 3', 'b0578f68-2b0b-497a-b49a-2e897d3a040a', [
    'f14fc3ea-05f0-426a-ac01-70cdbadb43ec',
    '1a3c8f91-c172-4378-9fe2-64891a06e8d1',
  ]),
];

/** The model's number, big-endian. */
function numberIn(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length !== 4) return undefined;
  return String(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
}

/** Only Satisfyer's own data counts, and what is no number there is asked for (facts: protocols/satisfyer, doubts). */
const numberAdvertised = ({ manufacturerData }: Advertisement) => numberIn(manufacturerData?.get(COMPANY));

async function identify({ advertisement, link }: ProtocolContext): Promise<string> {
  return numberAdvertised(advertisement) ?? numberIn(await link.read('rxblemodel')) ?? '0';
}

export const satisfyer = defineProtocol({
  id: 'satisfyer',
  brand: 'Satisfyer',
  links: [
    bluetooth({
      names: ['SF *'],
      manufacturerData: [
        { company: COMPANY, data: [0x00, 0x00, 0x27] },
        { company: COMPANY, data: [0x00, 0x00, 0x28] },
      ],
      services: {
        '180a': { rxblemodel: '2a24' },
        '51361500-c5e7-47c7-8a6e-47ebc99d80e8': {
          command: '51361501-c5e7-47c7-8a6e-47ebc99d80e8',
          tx: '51361502-c5e7-47c7-8a6e-47ebc99d80e8',
        },
      },
    }),
  ],
  models,
  keepalive: { kind: 'repeat-last', everyMs: 3000 },
  identify,
  async open({ link, model }) {
    await link.write('command', Uint8Array.of(0x01), { withResponse: true });
    // Four bytes for each motor.
    const bytes = motorPlaces(model).flatMap((index) => [index, index, index, index]);
    return { output: wholeDevice((level) => bytes.map(level)) };
  },
});
