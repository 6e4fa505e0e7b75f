import { isAddressEqual, type Hex } from "viem";
import { z } from "../base/zod.ts";
import { addressField, hexField, InvalidFileError, timeZoneField } from "../base/json.ts";
import { readJson, writeJson } from "../base/jsonFiles.ts";
import { perContract, type PerContract } from "../chain/deployments.ts";
import { documentHash } from "../orders/document.ts";
import { domainOf, type Domain } from "../orders/types.ts";
import type { Charter } from "./charter.ts";
import { charterSchema } from "./installation.ts";
import type { FoundingPaper } from "./planFile.ts";

const SCHEMA = "sequester.charter/1";

/** What first officers are sent: the charter that they sign, and where its contracts stand. */
export interface CharterFile {
  chainId: number;
  addresses: PerContract<Hex>;
  paper: FoundingPaper;
  timeZone?: string | undefined;
  charter: Charter;
}

const schema = z.strictObject({
  schema: z.literal(SCHEMA),
  chainId: z.int().positive(),
  addresses: perContract(addressField),
  paper: z.strictObject({ file: z.string().min(1), sha256: hexField(32), salt: hexField(32) }),
  timeZone: timeZoneField.optional(),
  charter: charterSchema,
});

/** Reads a charter's file, refused where it contradicts itself. @throws FileAccessError, InvalidFileError */
export async function readCharter(file: string): Promise<CharterFile> {
  const { schema: _, ...read } = await readJson(file, schema, "the file that deploy run wrote for the first officers");
  const { addresses, charter, paper } = read;
  const { docket, disposal, register, vault } = addresses;
  const assets = Object.values(addresses.assets);
  const faults = [
    ...Object.entries({ docket, disposal, register, vault })
      .filter(([name, address]) => !isAddressEqual(address, charter.contracts[name as "docket"]))
      .map(([name]) => ({ field: `charter.contracts.${name}`, reason: "needs the address that stands in addresses" })),
    ...charter.assets.flatMap(({ asset }, i) =>
      assets.some((it) => isAddressEqual(it, asset))
        ? []
        : [{ field: `charter.assets[${i}].asset`, reason: "needs an address that stands in addresses.assets" }],
    ),
    ...(documentHash(paper.salt, paper.sha256) === charter.document
      ? []
      : [{ field: "charter.document", reason: "needs the hash of paper.salt and paper.sha256" }]),
  ];
  if (faults.length > 0) throw new InvalidFileError(file, faults);
  return read;
}

/** Writes a charter's file. @throws FileAccessError */
export const writeCharter = (file: string, { chainId, addresses, paper, timeZone, charter }: CharterFile) =>
  writeJson(file, { schema: SCHEMA, chainId, addresses, paper, timeZone, charter });

/** The domain in which a charter is signed. */
export const domainOfCharter = ({ chainId, addresses }: CharterFile): Domain => domainOf(chainId, addresses.quorum);
