import { readFile } from "node:fs/promises";
import { isHex, type Hex } from "viem";
import { checksOf, requireRight } from "../../audit/findings.ts";
import { canonical, readPack } from "../../audit/pack.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { FileAccessError } from "../../base/files.ts";
import { countOf } from "../../base/words.ts";
import { CONTRACTS } from "../../chain/artifacts.ts";
import { readDeployment } from "../../chain/deployments.ts";
import { ensureBuilt } from "../build.ts";
import { waitingOn, type Screen } from "../progress.ts";
import { compileAnew, type Compilation } from "./compiled.ts";
import type { Streams } from "../order/place.ts";

export interface VerifyPackOptions {
  blockHash: string;
  deployment?: string;
  compile?: boolean;
  json?: boolean;
}

/** No hash of a block. Exit code 64. */
export class BadBlockHashError extends SequesterError {
  override name = "BadBlockHashError";
  constructor(has: string) {
    super("The block's hash is none.", {
      code: EXIT.usage,
      metaMessages: [`has: ${JSON.stringify(has)}`, "needs: 32 bytes in hexadecimal, with 0x"],
    });
  }
}

/** The hash that an option tells. @throws BadBlockHashError */
export function blockHashIn(text: string): Hex {
  if (!isHex(text) || text.length !== 66) throw new BadBlockHashError(text);
  return text;
}

async function compiledFor(screen: Screen): Promise<Compilation> {
  const waited = waitingOn(screen, "Compiling the contracts anew (about 90 seconds)");
  try {
    return await compileAnew(CONTRACTS);
  } finally {
    waited();
  }
}

/** Checks a pack, and prints what was checked. */
export async function verifyPack(
  file: string,
  { blockHash, deployment, compile, json }: VerifyPackOptions,
  { stdout, stderr }: Streams,
): Promise<void> {
  const asked = blockHashIn(blockHash);
  await ensureBuilt();
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new FileAccessError(file, "a pack of `audit snapshot`", cause);
  });
  const pack = await readPack(bytes);
  const compilation = compile ? await compiledFor(stderr) : undefined;
  const checks = checksOf(pack, { blockHash: asked, compiled: compilation?.of });
  if (deployment !== undefined) {
    const same = canonical(await readDeployment(deployment)) === canonical(pack.evidence.deployment);
    checks.push({
      what: "deployment",
      right: same,
      told: same ? "is that of the file" : `is not that of ${deployment}`,
    });
  }
  const { number, hash } = pack.shown.header;
  const findings = checks.filter(({ right }) => !right);
  const { chainId, addresses } = pack.evidence.deployment;
  const data = {
    schema: "sequester.audit.verify/1",
    chainId,
    docket: addresses.docket,
    block: String(number),
    hash,
    entries: pack.evidence.entries.length,
    ...(compilation && { compiler: compilation.version }),
    verified: findings.length === 0,
    checks,
  };
  stdout.write(
    json
      ? `${JSON.stringify(data)}\n`
      : checks.map(({ what, right, told }) => `${right ? "right" : "WRONG"}  ${what}: ${told}\n`).join(""),
  );
  requireRight(checks);
  if (compilation !== undefined)
    stderr.write(`Compiled anew by solc ${compilation.version}, from the sources of this folder.\n`);
  const entries = countOf(pack.evidence.entries.length, "entry");
  stderr.write(
    `Verified: ${entries} of the journal of docket ${addresses.docket} on chain ${chainId}, complete up to block ${number}, ` +
      `${hash}.\nHold docket and chain against what you know: anybody can deploy these contracts.\n`,
  );
}
