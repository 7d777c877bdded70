import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { configTopic } from '../../../plugins/home-assistant/discovery/identity.js';
import { exampleAnnouncements } from '../../support/mqtt/home-assistant.js';
import { complaints } from '../../support/mqtt/home-assistant-schema.js';

const announcements = await exampleAnnouncements();

describe.each([...announcements])('%s', (name, { objectId, config }) => {
  it('is announced as Home Assistant’s documentation asks for it', () => {
    expect(complaints(configTopic('homeassistant', objectId), JSON.stringify(config))).toEqual([]);
  });

  it('is announced as ever', async () => {
    await expect(stringify(config, { lineWidth: 0 })).toMatchFileSnapshot(`golden/${name}.yml`);
  });
});
