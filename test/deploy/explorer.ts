import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Address } from "viem";

export const KINDS = ["etherscan", "blockscout", "sourcify"] as const;
export type Kind = (typeof KINDS)[number];

/** What the compiler was given. */
export interface CompilerInput {
  language: string;
  sources: Record<string, { content: string }>;
  settings: { optimizer: object; evmVersion: string; viaIR: boolean; remappings?: string[]; libraries?: object };
}

/** What an explorer gets of a contract; Sourcify finds the constructor's arguments itself, in the transaction that is named. */
export interface Submitted {
  kind: Kind;
  address: Address;
  /** Of the contract, as the compiler names it. */
  name: string;
  compiler: string;
  input: CompilerInput;
  /** In hexadecimal without 0x. */
  constructorArguments?: string;
  creation?: string;
}

/** What the plugin asks by a form, and the same of Etherscan and Blockscout. */
type Form = Record<
  "contractaddress" | "sourceCode" | "contractname" | "compilerversion" | "constructorArguments",
  string
>;

/** Explorers on this machine, that show what `judges` finds to be the contract's; nothing that they are sent leaves it. */
export async function startExplorers(judges: (submitted: Submitted) => string | undefined) {
  const submitted: Submitted[] = [];
  /** Reasons against what was sent, by the number that it was given. */
  const verdicts: (string | undefined)[] = [];
  const shown = new Set<string>();
  const take = (it: Submitted): string => {
    submitted.push(it);
    const reason = judges(it);
    if (reason === undefined) shown.add(`${it.kind} ${it.address.toLowerCase()}`);
    return String(verdicts.push(reason) - 1);
  };

  const asForm = (kind: Kind, query: URLSearchParams, body: string): object => {
    switch (query.get("action")) {
      case "getsourcecode": {
        const isShown = shown.has(`${kind} ${query.get("address")?.toLowerCase()}`);
        return { status: isShown ? "1" : "0", message: "", result: [{ SourceCode: isShown ? "{}" : "" }] };
      }
      case "verifysourcecode": {
        const form = Object.fromEntries(new URLSearchParams(body)) as Form;
        const result = take({
          kind,
          address: form.contractaddress as Address,
          name: form.contractname,
          compiler: form.compilerversion,
          input: JSON.parse(form.sourceCode) as CompilerInput,
          constructorArguments: form.constructorArguments,
        });
        return { status: "1", message: "OK", result };
      }
      default: {
        const isRight = verdicts[Number(query.get("guid"))] === undefined;
        // Blockscout calls the question answered, whatever the answer.
        const status = isRight || kind === "blockscout" ? "1" : "0";
        return { status, message: "", result: isRight ? "Pass - Verified" : "Fail - Unable to verify" };
      }
    }
  };

  const asSourcify = (where: string[], body: string): [status: number, answer: object] => {
    const [what, chainId, address] = where;
    if (what === "contract") {
      const match = shown.has(`sourcify ${address!.toLowerCase()}`) ? "exact_match" : null;
      return [match === null ? 404 : 200, { match, creationMatch: match, runtimeMatch: match, chainId, address }];
    }
    if (address !== undefined) {
      const { stdJsonInput, contractIdentifier, compilerVersion, creationTransactionHash } = JSON.parse(body) as {
        stdJsonInput: CompilerInput;
        contractIdentifier: string;
        compilerVersion: string;
        creationTransactionHash?: string;
      };
      const verificationId = take({
        kind: "sourcify",
        address: address as Address,
        name: contractIdentifier,
        compiler: compilerVersion,
        input: stdJsonInput,
        creation: creationTransactionHash,
      });
      return [202, { verificationId }];
    }
    const reason = verdicts[Number(chainId)];
    const error = reason === undefined ? {} : { error: { customCode: "no_match", message: reason } };
    const contract = { match: reason === undefined ? "exact_match" : null };
    return [200, { isJobCompleted: true, verificationId: chainId, jobStartTime: "", contract, ...error }];
  };

  const answer = (request: IncomingMessage, body: string, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url!, "http://127.0.0.1");
    const [, first, second, ...rest] = pathname.split("/");
    // Only Etherscan is told a key.
    const kind = searchParams.has("apikey") ? "etherscan" : "blockscout";
    const [status, json] =
      first === "api" ? [200, asForm(kind, searchParams, body)] : asSourcify([second!, ...rest], body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => answer(request, body, response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, submitted, shown, close: () => server.close() };
}
