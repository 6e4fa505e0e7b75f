import { z } from "../../base/zod.ts";
import { account, name, offset, path, word } from "./fields.ts";

const cases = z.union([z.literal("*"), z.array(z.string()).min(1)], 'needs "*" or a list of case ids');
const holding = z.strictObject({ account, asset: z.string(), amount: z.string() });
const ofCase = holding.extend({ case: z.string() });

/** Of an act: when. Amounts in the timeline are decimal units of the asset. */
const when = { at: offset };
/** Of an order: which officers approve it, by name; unless told, those of the first alternative that can be met. */
const approved = { ...when, by: z.array(z.string()).min(1).optional() };
const inCase = { ...approved, case: z.string(), ruling: path.optional() };
/** Of an order in no case. */
const onRuling = { ...approved, ruling: path };
/** An officer that goes between its approval and the execution: it cancels the approval, or it is dismissed. */
const leaves = {
  leaves: z.strictObject({ officer: word, how: z.enum(["cancel", "dismiss"]), ruling: path }).optional(),
};
/** Of an order that is scheduled: by which name later acts know it. */
const delayed = { ...inCase, id: word };
/** Of an act on a scheduled order. */
const about = { ...approved, order: word };
const subAccount = { asset: z.string(), wallet: word, subAccount: name, amount: z.string() };

/** One act of the timeline in case.json. */
export const timelineEntry = z.discriminatedUnion("act", [
  z.strictObject({ ...approved, act: z.literal("freeze"), cases, except: z.array(account).optional() }),
  z.strictObject({
    ...approved,
    ...leaves,
    act: z.literal("arrest"),
    cases,
    until: offset,
    // Accounts that are not confirmed; of which holds only a part is; and what is newly held.
    except: z.array(account).optional(),
    parts: z.array(ofCase).optional(),
    place: z.array(ofCase).optional(),
  }),
  z.strictObject({ ...when, act: z.literal("lapse") }),
  z.strictObject({ ...inCase, ...leaves, act: z.literal("lift"), holds: z.array(holding).min(1) }),
  z.strictObject({ ...approved, ...leaves, act: z.literal("seize"), cases }),
  z.strictObject({
    ...inCase,
    ...leaves,
    act: z.literal("return"),
    // Proceeds answer for another asset that was taken.
    holders: z.array(holding.extend({ taken: z.string().optional() })).min(1),
  }),

  z.strictObject({
    ...approved,
    act: z.literal("forfeit"),
    id: word,
    cases,
    ruling: path.optional(),
    // All that is left unless told.
    asset: z.string().optional(),
    amount: z.string().optional(),
  }),
  z.strictObject({
    ...delayed,
    act: z.literal("compensate"),
    asset: z.string(),
    pool: z.string(),
    claims: path,
    claimTerm: offset,
  }),
  z.strictObject({
    ...delayed,
    act: z.literal("convert"),
    asset: z.string(),
    amount: z.string(),
    wallet: word,
    proceedsAsset: z.string(),
    leastProceeds: z.string(),
  }),
  z.strictObject({
    ...delayed,
    act: z.literal("transfer"),
    asset: z.string(),
    amount: z.string(),
    source: z.enum(["custody", "suspense"]),
    holder: account.optional(),
    to: account,
  }),
  z.strictObject({ ...when, act: z.literal("execute"), orders: z.array(word).min(1), proceeds: z.string().optional() }),
  z.strictObject({ ...about, act: z.literal("stay"), until: offset, ruling: path }),
  z.strictObject({ ...about, act: z.literal("veto"), ruling: path }),
  z.strictObject({ ...when, act: z.literal("appeal"), order: word, asset: z.string(), holder: account, ruling: path }),
  z.strictObject({ ...when, act: z.literal("claim"), order: word, claims: z.array(z.string()).min(1) }),
  z.strictObject({ ...when, act: z.literal("unreserve"), order: word }),

  z.strictObject({ ...onRuling, act: z.literal("license"), wallet: word, until: offset }),
  z.strictObject({ ...onRuling, act: z.literal("suspend"), platform: name }),
  z.strictObject({ ...inCase, ...subAccount, act: z.literal("exchange-hold") }),
  z.strictObject({ ...when, ...subAccount, act: z.literal("acknowledge") }),
  z.strictObject({ ...when, ...subAccount, act: z.literal("surrender"), case: z.string() }),
  z.strictObject({ ...onRuling, act: z.literal("dismiss"), officer: word, compromised: z.boolean().optional() }),

  z.strictObject({
    ...when,
    act: z.literal("move"),
    from: account,
    to: account,
    asset: z.string(),
    amount: z.string(),
  }),
  z.strictObject({ ...when, act: z.literal("deposit"), case: z.string(), asset: z.string(), amount: z.string() }),
  z.strictObject({ ...when, act: z.literal("book"), cases }),
  z.strictObject({ ...when, act: z.literal("open"), cases }),
  z.strictObject({
    ...inCase,
    act: z.literal("attempt"),
    order: z.enum(["freeze", "lift", "seize", "return", "transfer"]),
    // What the contracts have to answer, by the name of their error.
    holds: z.array(holding).min(1),
    to: account.optional(),
    refused: word,
  }),
]);

export type TimelineEntry = z.output<typeof timelineEntry>;
