// A desk with orders, rulings and signatures on it.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Address, Hex } from "viem";
import {
  documentHash,
  rulingHash,
  serializeBundleFile,
  serializeOrderFile,
  serializeSignatureFile,
  type Bundle,
  type Domain,
  type Order,
  type OrderFile,
} from "../../../../src/orders/index.ts";
import { nextSalt } from "../../../system/officers.ts";
import { temporaryFolder } from "../../operation/folders.ts";

export const RULING = "The court of Almaty decides.\n";

/** A folder of papers. */
export class Desk {
  readonly dir = temporaryFolder();
  readonly #domain: Domain;

  constructor(domain: Domain) {
    this.#domain = domain;
  }

  at(...names: string[]): string {
    return path.join(this.dir, ...names);
  }

  write(name: string, text: string): string {
    mkdirSync(path.dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), text);
    return this.at(name);
  }

  /** An order with its ruling, built for the document that they make. */
  order(name: string, build: (document: Hex) => Order, ruling = RULING): { file: string; order: Order } {
    const documentSalt = nextSalt();
    const sha256 = rulingHash(Buffer.from(ruling));
    const order = build(documentHash(documentSalt, sha256));
    this.write(`${name}.md`, ruling);
    const paper: OrderFile = { domain: this.#domain, order, documentSalt, ruling: { file: `${name}.md`, sha256 } };
    return { file: this.write(`${name}.order.json`, serializeOrderFile(paper)), order };
  }

  bundle(name: string, bundle: Bundle): string {
    return this.write(`${name}.bundle.json`, serializeBundleFile(bundle));
  }

  signature(name: string, digest: Hex, signer: string, signature: string): string {
    const file = { digest, signer: signer as Address, signature: signature as Hex };
    return this.write(`${name}.sig.json`, serializeSignatureFile(file));
  }
}
