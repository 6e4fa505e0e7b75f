/** The chain: what a deployment is, the contracts' ABIs and errors, a client that is patient with its node. */
export * from "./artifacts.ts";
export * from "./assets.ts";
export * from "./deployments.ts";
export * from "./domain.ts";
export * from "./node.ts";
export * from "./refusals.ts";
export * from "./rpc.ts";
