import { build } from "./acts/fields.ts";
import { definitionOf } from "./acts/index.ts";
import type { Given, Order, PrimaryType } from "./types.ts";

/** The builder of orders of a type: every field within its bounds, lists sorted. It throws the errors of errors.ts. */
export const builderOf =
  <P extends PrimaryType>(primaryType: P) =>
  (given: Given<P>): Order<P> =>
    ({ primaryType, message: build(definitionOf(primaryType), given as never) }) as unknown as Order<P>;

export const buildFreeze = builderOf("Freeze");
export const buildArrest = builderOf("Arrest");
export const buildLift = builderOf("Lift");
export const buildSeize = builderOf("Seize");
export const buildReturn = builderOf("Return");
export const buildForfeit = builderOf("Forfeit");
export const buildCompensate = builderOf("Compensate");
export const buildConvert = builderOf("Convert");
export const buildTransfer = builderOf("Transfer");
export const buildExchangeHold = builderOf("ExchangeHold");
export const buildStay = builderOf("Stay");
export const buildVeto = builderOf("Veto");
export const buildAppeal = builderOf("Appeal");
export const buildCancel = builderOf("Cancel");
export const buildAdmit = builderOf("Admit");
export const buildDismiss = builderOf("Dismiss");
export const buildConfigure = builderOf("Configure");
export const buildSetTreasury = builderOf("SetTreasury");
export const buildLicense = builderOf("License");
export const buildSuspend = builderOf("Suspend");
