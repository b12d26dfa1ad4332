import { z } from 'zod';
import { environmentSchema } from '../../settings.js';

/** A setting as the documents describe it. */
export interface Setting {
  readonly name: string;
  readonly description: string;
  /** The default as text; undefined if the setting has none. */
  readonly byDefault: string | undefined;
  /** A description of the allowed values. */
  readonly values: string;
}

interface Property {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** All settings in the order of the schema. */
export function settings(): Setting[] {
  // JSON Schema cannot express how lists are transformed. The documents need only description and default.
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
