import { findProgram } from "../../host/process/program.ts";
import { apt } from "./apt.ts";
import type { ToolchainProvider } from "./provider.ts";

/** Every place that parts of a toolchain may come from. */
export const TOOLCHAIN_PROVIDERS: readonly ToolchainProvider[] = [apt];

/** Those that this machine can ask. */
export function usableProviders(): ToolchainProvider[] {
	return TOOLCHAIN_PROVIDERS.filter(({ programs }) => programs.every((name) => findProgram(name) !== null));
}
