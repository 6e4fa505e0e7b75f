import type { Hex, PublicClient } from "viem";
import type { Language } from "../../base/languages.ts";
import { abiOf } from "../../chain/artifacts.ts";
import { DeploymentMismatchError, verifyDeployment, type Deployment } from "../../chain/deployments.ts";
import { answerOf } from "../../chain/node.ts";
import { bundleHashesByEthers, hashesByEthers, type Hashes } from "../../orders/digest-ethers.ts";
import type { QuorumAt } from "../../orders/proofs.ts";
import type { Words } from "../../orders/sentence.ts";
import { stateAlone, stateAt, type OrderState } from "../../orders/state.ts";
import { OptionsRefusedError } from "../optionsRefused.ts";
import {
  bundleFindings,
  digestFindings,
  domainFindings,
  listFindings,
  rulingFindings,
  type Reckonings,
} from "./checks.ts";
import { findingOf, OrderFindingsError, type Finding } from "./findings.ts";
import { readPapers, type BundlePaper, type OrderPaper } from "./papers.ts";
import { knownPlace, wordsOf, type KnownPlace, type Streams } from "./place.ts";
import { approvalsOnChain } from "./onChain.ts";
import { digestsIn, foreignFindings, judge, signatureFindings, sorted, type Judged } from "./signed.ts";
import { verifiedData, verifiedForReaders } from "./verified.ts";

export interface VerifyOptions {
  signatures: string[];
  contract: string[];
  ruling?: string;
  list?: string;
  deployment?: string;
  rpc?: string;
  offline?: boolean;
  lang?: Language;
  json?: boolean;
}

/** A node at the block that everything is asked of. */
export interface AskedBlock {
  number: bigint;
  hash: Hex;
  timestamp: bigint;
}

/** An order or a bundle that was verified. */
export interface Verified<Paper> {
  paper: Paper;
  hashes: Hashes;
  signatures: Judged[];
}

export interface Verification {
  orders: (Verified<OrderPaper> & { state: OrderState })[];
  bundles: Verified<BundlePaper>[];
  words: Words;
  deployment?: string;
  block?: AskedBlock;
  findings: Finding[];
  /** What could not be checked, and by what it can be. */
  notChecked: string[];
}

/** Checks orders by a second program, their papers, and where there is a node the chain. */
export async function verify(place: string, options: VerifyOptions, streams: Streams): Promise<void> {
  const { stdout } = streams;
  if ((options.rpc === undefined) !== (options.offline === true)) {
    const has = options.offline ? "--rpc and --offline" : "neither --rpc nor --offline";
    throw new OptionsRefusedError(has, "--rpc URL to ask a node too, or --offline");
  }
  const found = await verification(place, options, streams);
  stdout.write(options.json ? `${JSON.stringify(verifiedData(found))}\n` : verifiedForReaders(found));
  if (found.findings.length > 0) throw new OrderFindingsError(found.findings);
}

async function verification(
  place: string,
  options: VerifyOptions,
  streams: Pick<Streams, "stderr">,
): Promise<Verification> {
  const findings: Finding[] = [];
  const notChecked: string[] = [];
  const papers = await readPapers(place, options.signatures, (file, fault) => findings.push(findingOf(file, fault)));
  const { orders, bundles, folder } = papers;
  const known = await knownPlace(orders[0]?.domain.chainId, options);
  const { deployment } = known;

  const hashes = new Map<string, Hashes>();
  for (const { path, order, domain } of orders) hashes.set(path, hashesByEthers(order, domain));
  for (const bundle of bundles) hashes.set(bundle.path, bundleHashesByEthers(bundle));
  for (const { path, digest } of [...orders, ...bundles]) {
    findings.push(...digestFindings(path, { viem: digest, ethers: hashes.get(path)!.digest }));
  }
  for (const bundle of bundles) findings.push(...bundleFindings(bundle, papers));
  if (deployment === undefined) notChecked.push("the deployment: name its file with --deployment");
  else for (const order of orders) findings.push(...domainFindings(order, deployment));
  await checkDocuments(orders, options, deployment, findings, notChecked);

  const asked = await askedOf(known, findings);
  if (asked === undefined) {
    notChecked.push(
      options.offline
        ? "whose seats the signers have, what is used, withdrawn or scheduled, the contracts' code and digests: --rpc"
        : "what the Quorum says: the node has another deployment",
    );
  }
  const { ours, foreign } = sorted(papers);
  const given = asked === undefined ? [] : await approvalsOnChain(digestsIn(papers), deployment!, asked.at, streams);
  const judged = await answerOf(
    judge([...ours, ...given], { at: asked?.at, verifiers: deployment?.addresses.verifiers }),
  );
  const contracts = new Set(options.contract.map((it) => it.toLowerCase()));
  findings.push(...signatureFindings(judged, contracts), ...foreignFindings(foreign, folder));
  for (const { path, proof } of judged) if (proof.is === "open") notChecked.push(`${path}: ${proof.has}`);

  if (asked !== undefined) {
    const digests = await answerOf(
      Promise.all(orders.map((order) => digestByLens(asked.at.client, deployment!, order))),
    );
    orders.forEach(({ path, digest }, i) => findings.push(...digestFindings(path, { viem: digest, ...digests[i] })));
  }
  const now = asked?.block.timestamp ?? BigInt(Math.floor(Date.now() / 1000));
  const stateOf = async ({ order, digest }: OrderPaper) =>
    asked === undefined ? stateAlone(order, now) : stateAt(asked.at, now, order, digest);
  const states = await answerOf(Promise.all(orders.map(stateOf)));
  const verified = <Paper extends OrderPaper | BundlePaper>(paper: Paper): Verified<Paper> => ({
    paper,
    hashes: hashes.get(paper.path)!,
    signatures: judged.filter(({ digest }) => digest === paper.digest),
  });
  return {
    orders: orders.map((paper, i) => ({ ...verified(paper), state: states[i]! })),
    bundles: bundles.map(verified),
    words: await wordsOf(asked === undefined ? { deployment, lang: options.lang } : known),
    ...(known.file === undefined ? {} : { deployment: known.file }),
    ...(asked === undefined ? {} : { block: asked.block }),
    findings,
    notChecked,
  };
}

async function checkDocuments(
  orders: readonly OrderPaper[],
  { ruling, list }: VerifyOptions,
  deployment: Deployment | undefined,
  findings: Finding[],
  notChecked: string[],
): Promise<void> {
  for (const order of orders) {
    const found = await rulingFindings(order, ruling);
    if (found === undefined) notChecked.push(`${order.path}: the ruling ${order.ruling!.file}: --ruling`);
    else findings.push(...found);
  }
  if (list !== undefined) findings.push(...(await listFindings(orders, list, deployment)));
  for (const { path, order } of list === undefined ? orders : []) {
    if (order.primaryType === "Compensate") notChecked.push(`${path}: the list that it pays: --list`);
  }
}

/** The node at one block, if there is one and it has the deployment. */
async function askedOf(
  { client, deployment }: KnownPlace,
  findings: Finding[],
): Promise<{ at: QuorumAt; block: AskedBlock } | undefined> {
  if (client === undefined || deployment === undefined) return undefined;
  try {
    await answerOf(verifyDeployment(client, deployment));
  } catch (fault) {
    if (!(fault instanceof DeploymentMismatchError)) throw fault;
    findings.push(findingOf("the node", fault));
    return undefined;
  }
  const { number, hash, timestamp } = await answerOf(client.getBlock());
  return {
    at: { client, quorum: deployment.addresses.quorum, blockNumber: number },
    block: { number, hash, timestamp },
  };
}

/** The digest by the contracts' own reckoning; nobody's of an order for another Quorum, which is a finding already. */
async function digestByLens(
  client: PublicClient,
  { addresses, domain }: Deployment,
  { order, domain: of }: OrderPaper,
): Promise<Reckonings> {
  if (of.chainId !== domain.chainId || of.verifyingContract !== domain.verifyingContract) return {};
  const functionName = `digestOf${order.primaryType}` as "digestOfFreeze";
  const args = [order.message] as never;
  return { lens: await client.readContract({ address: addresses.lens, abi: abiOf("Lens"), functionName, args }) };
}
