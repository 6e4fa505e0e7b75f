import type { ActOptions } from "./act.ts";
import { Target } from "./act.ts";
import * as disposals from "./disposals.ts";
import * as holds from "./holds.ts";
import * as objections from "./objections.ts";
import * as officers from "./officers.ts";
import * as registers from "./registers.ts";
import type { Fields, Struct } from "./fields.ts";

/** What stands in the lists of orders. */
export const COMPONENTS = { Target, Refund: disposals.Refund, Rule: officers.Rule } as const;

const { Freeze, Arrest, Lift, Seize, ExchangeHold } = holds;
const { Return, Forfeit, Compensate, Convert, Transfer } = disposals;
const { Stay, Veto, Appeal, Cancel } = objections;
const { Admit, Dismiss, Configure } = officers;
const { SetTreasury, SetAdapter, License, Suspend } = registers;

/** Every act that is signed, by its primary type: the one place of what it is called, carries, needs and says. */
export const DEFINITIONS = {
  Freeze,
  Arrest,
  Lift,
  Seize,
  Return,
  Forfeit,
  Compensate,
  Convert,
  Transfer,
  ExchangeHold,
  Stay,
  Veto,
  Appeal,
  Cancel,
  Admit,
  Dismiss,
  Configure,
  SetTreasury,
  SetAdapter,
  License,
  Suspend,
} as const;

/** A definition as any of them. */
export type Definition = Struct & ActOptions<Fields>;

export const definitionOf = (primaryType: keyof typeof DEFINITIONS): Definition => DEFINITIONS[primaryType];

/** What nobody signs, and the second number of Lift. From 64 on an act needs no rule; 70 is not used any more. */
export const UNSIGNED = {
  /** A Lift that may touch arrested holds. */
  LiftArrested: 4,
  install: 64,
  approve: 66,
  revoke: 67,
  lapse: 68,
  book: 69,
  open: 71,
  claim: 72,
  observe: 74,
  acknowledge: 75,
  surrender: 76,
  execute: 77,
  unreserve: 78,
} as const;
