import { zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { EXIT, SequesterError } from "../base/errors.ts";
import { type ActName } from "../orders/types.ts";
import type { Parameters } from "./parameters.ts";
import { reasonsAgainstRules } from "./rules.ts";
import { countOf } from "../base/words.ts";
import { plannedSigner, reasonAgainstSeat, type PlannedSeat } from "./seats.ts";

/** A sovereign stablecoin to deploy, the one account that mints it, and where its forfeitures go. */
export interface AssetInput {
  symbol: string;
  name: string;
  decimals: number;
  issuer: Address;
  treasury: Address;
}

/** A sovereign stablecoin that its issuer deploys, once there is a docket that it can obey. */
export interface ExistingAsset {
  symbol: string;
  decimals: number;
  address: Address;
  treasury: Address;
}

export type PlannedAsset = AssetInput | ExistingAsset;

/** The assets that are deployed with the rest. */
export const toDeploy = (assets: readonly PlannedAsset[]): AssetInput[] =>
  assets.filter((asset): asset is AssetInput => !("address" in asset));

/** What a deployment is made of, before there are addresses. */
export interface DeploymentPlan {
  deployer: Address;
  parameters: Parameters;
  assets: readonly PlannedAsset[];
  seats: readonly PlannedSeat[];
  document: Hex;
}

/** A deployment that could not be installed; nothing was sent. Exit code 64. */
export class DeploymentRefusedError extends SequesterError {
  override name = "DeploymentRefusedError";
  constructor(reasons: readonly string[]) {
    super("This deployment is refused.", { code: EXIT.usage, metaMessages: reasons });
  }
}

/** Least keys of the court and of the prosecutor, and of every other agency that a rule names. */
const GUARD_KEYS = 4;
const KEYS = 2;

/** Acts that no contract executes yet: a rule of theirs would promise what nothing keeps. */
const NOT_BUILT: readonly ActName[] = ["SetAdapter"];

/**
 * Finds what the contracts would refuse only after most of them are deployed, and a deployer that would keep a right.
 * @throws DeploymentRefusedError with every reason.
 */
export function checkPlan({ deployer, parameters, assets, seats, document }: DeploymentPlan): void {
  const reasons = [
    ...[
      ...Object.keys(parameters.rules)
        .filter((act) => NOT_BUILT.includes(act as ActName))
        .map((act) => `rules.${act}: the act is not built yet, so it can have no rule`),
      ...reasonsAgainstRules(parameters),
    ].map((reason) => `${parameters.file}: ${reason}`),
    ...checkSeats(parameters, seats),
    ...assets.flatMap((asset) => checkAsset(asset, assets)),
    ...(document === zeroHash ? ["the charter rests on no document: its hash is zero"] : []),
    ...[
      ...seats.map((seat) => ({ role: `an officer of ${seat.agency}`, holder: plannedSigner(seat) })),
      ...toDeploy(assets).map(({ symbol, issuer }) => ({ role: `the issuer of ${symbol}`, holder: issuer })),
      ...assets.map(({ symbol, treasury }) => ({ role: `the treasury of ${symbol}`, holder: treasury })),
    ]
      .filter(({ holder }) => isSame(holder, deployer))
      .map(({ role }) => `${role} is the deployer ${deployer}, who must keep no right`),
  ];
  if (reasons.length > 0) throw new DeploymentRefusedError(reasons);
}

function checkSeats({ agencies, court, prosecutor, rules }: Parameters, seats: readonly PlannedSeat[]): string[] {
  const unknown = seats.filter(({ agency }) => !agencies.includes(agency));
  const signers = seats.map(plannedSigner);
  const twice = signers.filter((signer, i) => signers.findIndex((it) => isSame(it, signer)) < i);
  const seated = (agency: string) => seats.filter((seat) => seat.agency === agency).length;
  const needs = Object.entries(rules).flatMap(([act, alternatives = []]) =>
    alternatives.flatMap(({ officers }, i) =>
      Object.entries(officers).map(([agency, needs]) => ({ act: `rules.${act}[${i}]`, agency, needs })),
    ),
  );
  const named = new Set([court, prosecutor, ...needs.map(({ agency }) => agency)]);
  const charter = [...named].map((agency) => {
    return { act: "the charter", agency, needs: agency === court || agency === prosecutor ? GUARD_KEYS : KEYS };
  });
  return [
    ...unknown.map((seat) => `the agency ${seat.agency} of ${plannedSigner(seat)} is not among ${agencies.join(", ")}`),
    ...twice.map((signer) => `${signer} is seated twice`),
    ...seats.flatMap((seat) => reasonAgainstSeat(seat) ?? []),
    ...[...charter, ...needs]
      .filter(({ agency, needs }) => agency !== "SELF" && seated(agency) < needs)
      .map(({ act, agency, needs }) => `${agency} seats ${countOf(seated(agency), "officer")}, ${act} needs ${needs}`),
  ];
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function checkAsset(asset: PlannedAsset, assets: readonly PlannedAsset[]): string[] {
  const { symbol, treasury } = asset;
  const twice = assets.filter((it) => it.symbol === symbol).length > 1;
  return [
    ...(twice ? [`the asset ${symbol} is there twice`] : []),
    ...("issuer" in asset && asset.issuer === zeroAddress ? [`${symbol} has no issuer`] : []),
    ...(treasury === zeroAddress ? [`${symbol} has no treasury`] : []),
  ];
}
