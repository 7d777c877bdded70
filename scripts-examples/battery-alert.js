/* pulsegate
name: Battery alert
description: Publishes the charge of every device over MQTT, and an alert when one runs low.
devices:
  - features: [Battery]
mqtt:
  publish: [home/toys/battery/+, home/toys/alert]
*/

/** How often the batteries are read, ms. Rarely is enough, and spares them. */
const CHECK_EVERY = 5 * 60_000;
/** Charge at or below which there is an alert, percent. */
const LOW = 20;
/** Charge from which a device counts as charged again, percent. Well above LOW: a charge wavers. */
const CHARGED = 35;
/** Every device has a retained message of its own below this topic. What you change here, change in the header too. */
const STATE_TOPIC = 'home/toys/battery';
const ALERT_TOPIC = 'home/toys/alert';

/** Indexes of devices that ran low and were not charged since: kept, so that a restart does not alert again. */
const alerted = new Set((await storage.get('alerted')) ?? []);
let isBrokerAway = false;

async function check(device) {
  let percent;
  try {
    percent = Math.round((await device.battery()) * 100);
  } catch (error) {
    console.debug(`${device.displayName} does not say how full it is: ${error.message}`);
    return;
  }
  const state = { name: device.displayName, percent, low: percent <= LOW, time: new Date().toISOString() };
  const id = device.displayName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  await mqtt.publish(`${STATE_TOPIC}/${id}-${device.index}`, state, { retain: true });

  if (percent <= LOW && !alerted.has(device.index)) {
    // First said, then remembered: an alert that nobody got is sent again at the next check.
    await mqtt.publish(ALERT_TOPIC, `${device.displayName} is down to ${percent} %`);
    console.warn(`${device.displayName} is down to ${percent} %`);
    alerted.add(device.index);
    await storage.set('alerted', [...alerted]);
  } else if (percent >= CHARGED && alerted.delete(device.index)) {
    console.log(`${device.displayName} is charged again: ${percent} %`);
    await storage.set('alerted', [...alerted]);
  }
}

async function checkAll() {
  try {
    for (const device of devices.filter({ input: 'Battery' })) await check(device);
    if (isBrokerAway) console.log('Publishing works again');
    isBrokerAway = false;
  } catch (error) {
    if (!isBrokerAway) console.warn(`Nothing can be published for now: ${error.message}`);
    isBrokerAway = true;
  }
}

// One check at a time, or two at once would both alert.
let checks = checkAll();
const checkSoon = () => {
  checks = checks.then(checkAll);
  return checks;
};
every(CHECK_EVERY, checkSoon);
devices.on('added', checkSoon);
console.log(`Reading batteries every ${CHECK_EVERY / 60_000} minutes`);
