import { type HttpHost, type Static, Type } from 'pulsegate/plugin';
import type { Peripheral } from './peripheral.js';

type Routes = Parameters<HttpHost['routes']>[0];

const sensorBody = Type.Object(
  {
    feature: Type.Integer({ minimum: 0, description: 'Index of the feature that has the sensor.' }),
    value: Type.Integer({ description: 'What the sensor feels from now on, in its own range.' }),
  },
  { additionalProperties: false },
);
const disconnectBody = Type.Object(
  {
    awayFor: Type.Optional(
      Type.Number({ minimum: 0, maximum: 86_400, description: 'Seconds until it can be connected again.' }),
    ),
  },
  { additionalProperties: false },
);

interface ById {
  readonly Params: { readonly id: string };
}

/** Looking at simulated toys, and doing with them what a person in the room could do. */
export function simulationRoutes(peripherals: readonly Peripheral[]): Routes {
  const find = (id: string) => peripherals.find(({ toy }) => toy.id === id);
  const unknown = (id: string) => ({
    error: `There is no simulated device "${id}"; there are ${peripherals.map(({ toy }) => toy.id).join(', ') || 'none'}`,
  });

  return (app) => {
    app.get('/api/simulated', () => peripherals.map(summary));

    app.get<ById>('/api/simulated/:id', ({ params: { id } }, reply) => {
      const peripheral = find(id);
      return peripheral ? details(peripheral) : reply.code(404).send(unknown(id));
    });

    app.post<ById & { Body: Static<typeof sensorBody> }>(
      '/api/simulated/:id/sensors',
      { schema: { body: sensorBody }, attachValidation: true },
      ({ params: { id }, body, validationError }, reply) => {
        const peripheral = find(id);
        if (!peripheral) return reply.code(404).send(unknown(id));
        const error = validationError
          ? `A sensor is changed with { "feature": index, "value": whole number }, but the ${validationError.message}`
          : feel(peripheral, body);
        return error === undefined ? reply.code(204).send() : reply.code(400).send({ error });
      },
    );

    app.post<ById & { Body: Static<typeof disconnectBody> }>(
      '/api/simulated/:id/disconnect',
      {
        schema: { body: disconnectBody },
        attachValidation: true,
        // The body may be left out.
        preValidation: (request, _reply, done) => {
          request.body ??= {};
          done();
        },
      },
      ({ params: { id }, body, validationError }, reply) => {
        const peripheral = find(id);
        if (!peripheral) return reply.code(404).send(unknown(id));
        if (validationError) {
          const error = `A link is dropped with { "awayFor": seconds } or without a body, but the ${validationError.message}`;
          return reply.code(400).send({ error });
        }
        peripheral.leave(body.awayFor);
        return reply.code(204).send();
      },
    );
  };
}

function summary({ toy }: Peripheral) {
  const { id, name, address, connected } = toy;
  return { id, model: toy.blueprint.model.name, name, address, connected };
}

function details(peripheral: Peripheral) {
  const { toy, rssi } = peripheral;
  const { identifier, isDecoded: decoded, battery, outputs, packets } = toy;
  const { id, model, ...state } = summary(peripheral);
  const protocol = toy.blueprint.definition.id;
  return { id, model, protocol, identifier, ...state, decoded, battery, rssi: rssi ?? null, outputs, packets };
}

/** What is wrong with it; undefined when the toy felt it. */
function feel({ toy }: Peripheral, { feature, value }: Static<typeof sensorBody>): string | undefined {
  const { name, features } = toy.blueprint.model;
  const found = features.find(({ index }) => index === feature);
  const sensors = Object.entries(found?.inputs ?? {}).filter(([, input]) => input.commands.includes('Subscribe'));
  if (sensors.length === 0) return `Feature ${feature} of ${name} has no sensor that could be pressed or squeezed`;
  const ranges = sensors.flatMap(([, input]) => input.value);
  if (!ranges.some(([least, most]) => value >= least && value <= most)) {
    return `Feature ${feature} of ${name} feels ${ranges.map(([least, most]) => `${least} to ${most}`).join(' or ')}, not ${value}`;
  }
  return toy.sense(feature, value) ? undefined : `Nobody has written down what ${name} sends when it is touched`;
}
