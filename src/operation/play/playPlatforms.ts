import { derivedAccount, LOCAL_CHAIN } from "../../deployment/keys.ts";
import { buildExchangeHold, buildLicense, buildSuspend, encodeCaseId, encodeName } from "../../orders/index.ts";
import { announce, bring, playCalls } from "./bring.ts";
import { assetCall, callTo, whatOf } from "./calls.ts";
import type { ActOf } from "../operation.ts";
import { prepareOrder, termOf } from "./prepare.ts";
import { assetOf, type Stage } from "./stage.ts";
import { formatOffset } from "../../base/time.ts";

/** The regulator licenses a wallet, which signs that it is the platform's. */
export async function playLicence(stage: Stage, act: ActOf<"license">): Promise<void> {
  const { at, wallet, ruling, by } = act;
  const { seed, start } = stage.operation;
  const { address, platform, omnibus } = wallet;
  const until = BigInt(start + act.until);
  const prepared = await prepareOrder(stage, { at, act: "License", case: "", ruling, by }, (base) =>
    buildLicense({ ...base, wallet: address, platform, omnibus, until }),
  );
  const consent = await derivedAccount(LOCAL_CHAIN, seed, wallet.name).sign({ hash: prepared.digest });
  await bring(stage, [{ ...prepared, consent }]);
  const kind = omnibus ? "an omnibus wallet" : "a wallet";
  await announce(stage, act, `${wallet.name}, ${kind} of ${platform}, until ${formatOffset(act.until)}`);
}

export async function playSuspension(stage: Stage, act: ActOf<"suspend">): Promise<void> {
  const { at, platform, ruling, by } = act;
  const prepared = await prepareOrder(stage, { at, act: "Suspend", case: "", ruling, by }, (base) =>
    buildSuspend({ ...base, platform }),
  );
  await bring(stage, [prepared]);
  await announce(stage, act, `every wallet of ${platform}`);
}

/** A hold in a sub-account of a platform, instead of a freeze of the wallet in which the money of many lies. */
export async function playExchangeHold(stage: Stage, act: ActOf<"exchange-hold">): Promise<void> {
  const { case: caseId, ruling, wallet, subAccount, asset, amount } = act.order;
  const prepared = await prepareOrder(
    stage,
    { at: act.at, act: "ExchangeHold", case: caseId, ruling, by: act.by },
    (base) =>
      buildExchangeHold({
        ...base,
        asset: assetOf(stage, asset),
        wallet: wallet.address,
        amount,
        term: termOf(stage, "ExchangeHold", act.by),
        subAccount: encodeName("subAccount", subAccount),
      }),
  );
  await bring(stage, [prepared]);
  await announce(stage, act, `in the sub-account ${subAccount} of ${wallet.name}, and nothing else there`);
}

export async function playAcknowledgement(stage: Stage, act: ActOf<"acknowledge">): Promise<void> {
  const { wallet, subAccount, asset, amount } = act.withheld;
  const args = [assetOf(stage, asset), encodeName("subAccount", subAccount), amount];
  const call = callTo(stage, `Answer of ${wallet.name}`, wallet.address, ["register", "acknowledge"], args);
  await playCalls(stage, act, [call], `by ${wallet.name}, which withholds in the sub-account ${subAccount}`);
}

/** The platform pays what a seizure demanded. */
export async function playSurrender(stage: Stage, act: ActOf<"surrender">): Promise<void> {
  const { wallet, subAccount, asset, amount } = act.surrendered;
  const token = assetOf(stage, asset);
  const { register } = stage.deployment.addresses;
  const args = [encodeCaseId(act.case), token, encodeName("subAccount", subAccount), amount];
  const calls = [
    assetCall("Allowance for a surrender", wallet.address, token, "approve", [register, amount]),
    callTo(stage, whatOf("surrender", act.case), wallet.address, ["register", "surrender"], args),
  ];
  await playCalls(stage, act, calls, `by ${wallet.name} into the vault of ${act.case}`);
}
