import { z } from "../../../src/base/zod.ts";

/**
 * What ERC-7730, version 2, lets stand in the fields that are used here, written from the standard: names, formats, and the
 * parameters that each format takes. Any other word is refused.
 */
const path = z.string().regex(/^[A-Za-z][A-Za-z0-9]*(?:\.\[\])?$/);
const label = z.string().min(1).max(40);
const field = z.discriminatedUnion("format", [
  z.strictObject({
    path,
    label,
    format: z.literal("raw"),
    visible: z.enum(["always", "never", "optional"]).optional(),
  }),
  z.strictObject({ path, label, format: z.literal("duration") }),
  z.strictObject({
    path,
    label,
    format: z.literal("date"),
    params: z.strictObject({ encoding: z.enum(["timestamp", "blockheight"]) }),
  }),
  z.strictObject({ path, label, format: z.literal("tokenAmount"), params: z.strictObject({ tokenPath: path }) }),
  z.strictObject({
    path,
    label,
    format: z.literal("enum"),
    params: z.strictObject({ $ref: z.string().regex(/^\$\.metadata\.enums\.[a-z]+$/) }),
  }),
]);
const group = z.strictObject({ path: z.string().endsWith(".[]"), label, fields: z.array(field).min(1) });
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

export const DESCRIPTOR = z.strictObject({
  $schema: z.literal("https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json"),
  context: z.strictObject({
    $id: z.string().min(1),
    eip712: z.strictObject({
      domain: z.strictObject({ name: z.string(), version: z.string() }),
      deployments: z
        .array(z.strictObject({ chainId: z.int().positive(), address }))
        .min(1)
        .optional(),
    }),
  }),
  metadata: z.strictObject({
    owner: z.string().min(1),
    enums: z.record(z.string(), z.record(z.string().regex(/^\d+$/), label)),
  }),
  display: z.strictObject({
    formats: z.record(
      z.string().regex(/^[A-Z]\w*\(.+\)$/),
      z.strictObject({ intent: label, fields: z.array(z.union([field, group])).min(1) }),
    ),
  }),
});
