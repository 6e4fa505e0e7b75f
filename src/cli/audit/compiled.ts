import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { reasonOf } from "../../base/files.ts";
import { ARTIFACTS, NotBuiltError, solidityOf, type Compiled, type ContractName } from "../../chain/artifacts.ts";
import { BuildFailedError } from "../build.ts";

/** What the compiler made, and which it was. */
export interface Compilation {
  readonly version: string;
  readonly of: (contract: ContractName) => Compiled;
}

/** What the build gave the compiler for one of its jobs. */
interface Job {
  readonly solcVersion: string;
  /** Files that were asked for, and what they are called in the input. */
  readonly userSourceNameMap: Readonly<Record<string, string>>;
  readonly input: {
    readonly sources: Readonly<Record<string, { readonly content: string }>>;
    readonly settings: Readonly<Record<string, unknown>>;
  };
}

/** By source, then by name. */
type Made = Readonly<
  Record<
    string,
    Record<string, { evm: { deployedBytecode: { object: string } & Pick<Compiled, "immutableReferences"> } }>
  >
>;

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Made;
}

/** The compiler blocks the thread that it runs in, and listens to the faults of the whole process. */
const WORKER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const solc = require(workerData.solc);
  parentPort.postMessage({ version: solc.version(), outputs: workerData.inputs.map((input) => solc.compile(input)) });
`;

/**
 * Compiles contracts anew: by the settings of the last build, out of the files as they are on disk now, with the compiler from npm. Nothing that
 * the last build made is looked at.
 * @param root the folder with `contracts` and `node_modules`; @param artifacts where the build left the settings.
 * @throws NotBuiltError, BuildFailedError
 */
export async function compileAnew(
  contracts: readonly ContractName[],
  { root = fileURLToPath(new URL("../", ARTIFACTS)), artifacts = fileURLToPath(ARTIFACTS) } = {},
): Promise<Compilation> {
  const jobs = jobsIn(artifacts);
  const places = contracts.map((contract) => {
    const job = jobs.find(({ userSourceNameMap }) => solidityOf(contract) in userSourceNameMap);
    if (job === undefined) throw new NotBuiltError(contract);
    return { contract, job, source: job.userSourceNameMap[solidityOf(contract)]! };
  });
  const inputs = [...Map.groupBy(places, ({ job }) => job)].map(([{ input }, of]) => {
    const wanted = ["evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"];
    const outputSelection = Object.fromEntries(of.map(({ contract, source }) => [source, { [contract]: wanted }]));
    const names = Object.keys(input.sources).filter((name) => !name.startsWith("project/test/"));
    const sources = Object.fromEntries(names.map((name) => [name, { content: contentOf(name, root) }] as const));
    return JSON.stringify({ ...input, sources, settings: { ...input.settings, outputSelection } });
  });
  const { version, outputs } = await compile(inputs, root);
  const made: Made = Object.fromEntries(
    outputs.flatMap((output) => Object.entries(madeIn(JSON.parse(output) as Output))),
  );
  const bySource = new Map(places.map(({ contract, source }) => [contract, made[source]![contract]!]));
  return {
    version,
    of: (contract) => {
      const { object, immutableReferences } = bySource.get(contract)!.evm.deployedBytecode;
      return { deployedBytecode: `0x${object}`, immutableReferences };
    },
  };
}

function jobsIn(artifacts: string): Job[] {
  const files = globSync("build-info/*.json", { cwd: artifacts }).filter((file) => !file.endsWith(".output.json"));
  return files.map((file) => JSON.parse(readFileSync(path.join(artifacts, file), "utf8")) as Job);
}

/** What the build calls a file of the project, and one of a package. */
const SOURCE = /^(?:project\/(contracts\/.+)|npm\/(@?[\w/-]+)@([\d.]+)\/(.+))$/;

/** A source as it stands on disk: of the project, or of a package of the version that is installed. @throws BuildFailedError */
function contentOf(name: string, root: string): string {
  const [, own, scope, version, file] = SOURCE.exec(name) ?? [];
  const inside = own ?? (scope && path.join("node_modules", scope, file!));
  if (inside === undefined || name.includes("..")) throw new BuildFailedError(`a source of no known place: ${name}`);
  try {
    if (scope !== undefined) requireVersion(path.join(root, "node_modules", scope), version!);
    return readFileSync(path.join(root, inside), "utf8");
  } catch (error) {
    throw error instanceof BuildFailedError ? error : new BuildFailedError(`${inside}: ${reasonOf(error)}`);
  }
}

function requireVersion(folder: string, needs: string): void {
  const { version: has } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { version: string };
  if (has !== needs) throw new BuildFailedError(`${path.basename(folder)} ${has} is installed, ${needs} was compiled`);
}

async function compile(inputs: readonly string[], root: string): Promise<{ version: string; outputs: string[] }> {
  try {
    const solc = createRequire(path.join(root, "package.json")).resolve("solc");
    const worker = new Worker(WORKER, { eval: true, workerData: { solc, inputs } });
    return ((await once(worker, "message")) as [{ version: string; outputs: string[] }])[0];
  } catch (error) {
    throw new BuildFailedError(reasonOf(error));
  }
}

function madeIn({ errors = [], contracts = {} }: Output): Made {
  const faults = errors.filter(({ severity }) => severity === "error");
  if (faults.length > 0) throw new BuildFailedError(faults.map((fault) => fault.formattedMessage).join("\n"));
  return contracts;
}
