import { z } from 'zod';
import { environmentSchema } from '../../config.js';

/** One variable of the environment, as documents show it. */
export interface Setting {
  readonly name: string;
  readonly description: string;
  /** As one would write it in the environment; undefined when the variable has none. */
  readonly byDefault: string | undefined;
  /** Which values are allowed, in words. */
  readonly values: string;
}

interface Property {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** All of them, in the order of the schema. */
export function settings(): Setting[] {
  // JSON Schema cannot express the transformation of lists; description and default are enough for the documents.
  const { properties } = z.toJSONSchema(environmentSchema, { unrepresentable: 'any' });
  const defaults = z.record(z.string(), z.unknown()).parse(environmentSchema.parse({}));
  return Object.entries((properties ?? {}) as Record<string, Property>).map(([name, property]) => ({
    name,
    description: property.description ?? '',
    byDefault: defaults[name] === undefined ? undefined : String(defaults[name]),
    values: valuesOf(property, defaults[name]),
  }));
}

function valuesOf({ enum: words, minimum, maximum }: Property, byDefault: unknown): string {
  if (words) return words.map((word) => `\`${word}\``).join(', ');
  if (minimum !== undefined) return `${minimum} to ${maximum}`;
  return Array.isArray(byDefault) ? 'separated by commas' : 'text';
}
