import path from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { getAddress, isAddress, size, slice, type Address, type Hex } from "viem";
import { readText } from "../../base/files.ts";
import { InvalidFileError } from "../../base/json.ts";
import { VERIFIERS, type VerifierName } from "../../chain/artifacts.ts";
import type { PlannedSeat } from "../../deployment/seats.ts";
import { signerNamed } from "../officer/named.ts";

const COLUMNS = ["agency", "kind", "signer"];
/** Bytes of a list of seats at most. */
const MOST_BYTES = 2 ** 22;

/** In place of the verifiers' addresses, which nobody knows yet. */
const PLACES: Record<VerifierName, Address> = {
  P256: `0x${"00".repeat(19)}01`,
  RSA: `0x${"00".repeat(19)}02`,
  WebAuthn: `0x${"00".repeat(19)}03`,
};

/**
 * Reads first officers from a table with the columns agency, kind and signer; files of keys lie beside it.
 * @throws FileAccessError, InvalidFileError, KeyUnusableError
 */
export async function readSeats(file: string): Promise<PlannedSeat[]> {
  const rows = rowsIn(await readText(file, MOST_BYTES), file);
  return Promise.all(rows.map((row, i) => seatIn(row, file, `line ${i + 2}`)));
}

async function seatIn(row: Record<string, string>, file: string, at: string): Promise<PlannedSeat> {
  const [agency, kind, text] = COLUMNS.map((name) => row[name]!);
  const refuse = (column: string, reason: string): never => {
    throw new InvalidFileError(file, [{ field: `${at}, ${column}`, reason }]);
  };
  const named = async (): Promise<Hex> => signerNamed(path.join(path.dirname(file), text!), PLACES);
  if (kind === "key" || kind === "contract") {
    const signer = isAddress(text!, { strict: true }) || kind === "contract" ? text! : await named();
    if (!isAddress(signer, { strict: true }))
      return refuse("signer", "needs an address, in mixed case with a right checksum");
    return { agency: agency!, kind, signer: getAddress(signer) };
  }
  if (!(kind! in VERIFIERS)) return refuse("kind", `needs key, contract, ${Object.keys(VERIFIERS).join(", ")}`);
  const verifier = kind as VerifierName;
  if (/^0x(?:[0-9a-f]{2})+$/i.test(text!)) return { agency: agency!, verifier, key: text!.toLowerCase() as Hex };
  const signer = await named();
  if (size(signer) <= 20 || slice(signer, 0, 20) !== PLACES[verifier])
    return refuse("signer", `needs a key for ${verifier}`);
  return { agency: agency!, verifier, key: slice(signer, 20) };
}

function rowsIn(text: string, file: string): Record<string, string>[] {
  try {
    const rows = parse(text, { columns: true, bom: true, skip_empty_lines: true }) as unknown as Record<
      string,
      string
    >[];
    if (rows.length > 0 && Object.keys(rows[0]!).join() === COLUMNS.join()) return rows;
    const reason = rows.length === 0 ? "has no seat" : `needs the columns ${COLUMNS.join(",")}`;
    throw new InvalidFileError(file, [{ field: "", reason }]);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new InvalidFileError(file, [{ field: "", reason: `is no CSV: ${cause.message}` }], cause);
  }
}
