import { PROPERTIES } from './properties.mjs';

/** What every run says first. */
export const BOUNDS = [
  'The server, the clients, the network and a thief take every step in every order until no new state appears.',
  'Bounded: the tabs, the exchanges (R5 means four) and the copies that the thief takes. Each line says how many.',
  'Not bounded: the time that passes, how often and how late requests arrive, and what the thief presents.',
].join('\n');

/** One line for an experiment, and a trace if a property fails. */
export function report({ name }, outcome, ms) {
  const { isExpected, property, states, world } = outcome;
  const result = property ? `fails ${property}` : 'holds';
  const bounds = [count(world.tabs, 'tab'), `R${world.generations}`];
  if (world.copies > 0) bounds.push(world.copies === 1 ? '1 copy' : `${world.copies} copies`);
  const effort = `${states} states, ${(ms / 1000).toFixed(1)} s`;
  const line = `${isExpected ? ' ' : '!'} ${name}: ${result} (${[...bounds, effort].join(', ')})`;
  return [line, ...traceOf(outcome)].join('\n');
}

function traceOf({ property, problem, trace }) {
  if (!property) return [];
  const steps = trace.map((label, index) => `      ${index + 1}. ${label}`);
  return [...steps, `      Problem: ${problem}.`, `      Violated: ${PROPERTIES[property]}`];
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
