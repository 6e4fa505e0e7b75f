import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { accessed, FileAccessError } from "../../base/files.ts";
import { EXIT, SequesterError } from "../../base/errors.ts";
import { digestOf } from "../../orders/digest.ts";
import type { Bundle } from "../../orders/bundle.ts";
import { readBundleFile, readOrderFile, readSignatures } from "../../orders/disk.ts";
import type { OrderFile, SignatureFile } from "../../orders/files.ts";
import type { Hex } from "viem";

const ORDER = ".order.json";
const BUNDLE = ".bundle.json";
const SIGNATURES = ".sig.json";

/** Bytes of a ruling at most: a paper that was scanned is large. */
export const MOST_OF_RULING = 2 ** 28;
/** Bytes of a list of compensations at most. */
export const MOST_OF_LIST = 64 * 2 ** 20;

/** A folder without an order, or a file that is none. Exit code 64. */
export class NoOrderError extends SequesterError {
  override name = "NoOrderError";
  constructor(place: string, has: string) {
    super(`There is no order in ${place}.`, {
      code: EXIT.usage,
      metaMessages: [`has: ${has}`, `needs: a file *${ORDER}, or a folder with such files`],
    });
  }
}

/** Files that people exchange, by what they are. */
export interface PaperFiles {
  orders: string[];
  bundles: string[];
  signatures: string[];
  /** Whether they are those of a folder. */
  folder: boolean;
}

export const isFolder = (place: string): boolean => accessed(place, () => statSync(place)).isDirectory();

/** The files of a folder, by their names; or the one file, which is an order's unless its name says otherwise. */
export function filesIn(place: string): PaperFiles {
  const folder = isFolder(place);
  const files = folder
    ? accessed(place, () => readdirSync(place))
        .sort()
        .map((name) => path.join(place, name))
    : [place];
  const ending = (end: string) => files.filter((file) => file.endsWith(end));
  const [bundles, signatures] = [ending(BUNDLE), ending(SIGNATURES)];
  const orders = folder ? ending(ORDER) : files.filter((file) => ![...bundles, ...signatures].includes(file));
  return { orders, bundles, signatures, folder };
}

/** Signatures and bundles beside an order whose names begin with its own, as `order sign` and `order merge` name them. */
function besideOf(file: string): PaperFiles {
  const start = `${file.replace(/(?:\.order)?\.json$/, "")}.`;
  const { bundles, signatures } = filesIn(path.dirname(file));
  const own = (all: readonly string[]) => all.filter((it) => path.normalize(it).startsWith(path.normalize(start)));
  return { orders: [], bundles: own(bundles), signatures: own(signatures), folder: true };
}

/** The orders' files of a folder, or the one. @throws NoOrderError */
export function orderFilesIn(place: string): PaperFiles {
  const files = filesIn(place);
  if (files.orders.length > 0) return files;
  throw new NoOrderError(place, files.folder ? "no such file" : "a bundle or signatures");
}

/** An order with its file. */
export interface OrderPaper extends OrderFile {
  path: string;
  digest: Hex;
}

/** A bundle with its file. */
export interface BundlePaper extends Bundle {
  path: string;
}

/** A signature with its file. */
export interface SignaturePaper extends SignatureFile {
  path: string;
  /** It lay in a folder beside others, and may be of an order that nobody asked about. */
  loose: boolean;
}

export interface Papers {
  orders: OrderPaper[];
  bundles: BundlePaper[];
  signatures: SignaturePaper[];
  /** Whether all orders of a folder were asked for. */
  folder: boolean;
}

/** What happens to a file that is refused: by default it stops everything. */
export type Refused = (file: string, fault: SequesterError) => void;

const stop: Refused = (_, fault) => {
  throw fault;
};

/**
 * The orders of a place, their bundles, and the signatures over them that lie there, beside a single one under its name, or
 * in further files and folders.
 * @throws NoOrderError, FileAccessError
 */
export async function readPapers(place: string, further: readonly string[], refused = stop): Promise<Papers> {
  const own = orderFilesIn(place);
  const others = [...(own.folder ? [] : [besideOf(place)]), ...further.map(filesIn)];
  // By where they lie: who names a file that is beside the order has it once.
  const files = new Map(
    [...others, own].flatMap((it) =>
      it.signatures.map((file) => [path.resolve(file), [file, it.folder && it !== own] as const]),
    ),
  );
  const bundleFiles = new Map([...others, own].flatMap((it) => it.bundles.map((file) => [path.resolve(file), file])));
  const orders = await readAll(own.orders, readOrder, refused);
  const bundles = await readAll(
    [...bundleFiles.values()],
    async (path) => ({ ...(await readBundleFile(path)), path }),
    refused,
  );
  return {
    orders,
    // Of one order's, only those in which it stands are asked about.
    bundles: bundles.filter(({ leaves }) => own.folder || orders.some(({ digest }) => leaves.includes(digest))),
    signatures: onceEach(await readSigned([...files.values()], refused)),
    folder: own.folder,
  };
}

/** Signatures, each once though it lies in several files; of a merged one and what it was merged from, the last that was named. */
const onceEach = (all: readonly SignaturePaper[]): SignaturePaper[] => [
  ...new Map(all.map((it) => [placeOf(it), it])).values(),
];

/** What a signature is; a copy of an owner's that names another Safe, or none, is another one. */
const placeOf = ({ digest, signer, signature, safe }: SignaturePaper): string =>
  [digest, signer, signature, safe?.chainId, safe?.address].join().toLowerCase();

/** Every signature of files and folders. */
export const signaturesIn = (places: readonly string[], refused: Refused): Promise<SignaturePaper[]> =>
  readSigned(
    places.map(filesIn).flatMap((it, i) => (it.folder ? it.signatures : [places[i]!]).map((file) => [file, it.folder])),
    refused,
  );

async function readSigned(
  files: readonly (readonly [path: string, loose: boolean])[],
  refused: Refused,
): Promise<SignaturePaper[]> {
  const read = async ([path, loose]: readonly [string, boolean]) =>
    (await readSignatures(path)).map((it) => ({ ...it, path, loose }));
  return (await readAll(files, read, refused, ([path]) => path)).flat();
}

/** What can be read of files; of the others each is told to `refused`. */
async function readAll<F, T>(
  files: readonly F[],
  read: (file: F) => Promise<T>,
  refused: Refused,
  nameOf = (file: F) => String(file),
): Promise<T[]> {
  const all: T[] = [];
  for (const file of files) {
    try {
      all.push(await read(file));
    } catch (fault) {
      if (!(fault instanceof SequesterError) || fault instanceof FileAccessError) throw fault;
      refused(nameOf(file), fault);
    }
  }
  return all;
}

export async function readOrder(file: string): Promise<OrderPaper> {
  const read = await readOrderFile(file);
  return { ...read, path: file, digest: digestOf(read.order, read.domain) };
}

/** Every order of a folder, or the one. @throws NoOrderError, and what `readOrderFile` throws. */
export const readOrders = (place: string): Promise<OrderPaper[]> =>
  readAll(orderFilesIn(place).orders, readOrder, stop);
