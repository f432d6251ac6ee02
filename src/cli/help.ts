import { Help } from "@oclif/core";

/** oclif's help, and on `kprep` alone the few commands that a newcomer types, in order. */
export default class KprepHelp extends Help {
	override async showRootHelp(): Promise<void> {
		await super.showRootHelp();
		this.log(
			this.section("FIRST STEPS", STEPS.map(([what, type]) => `${what.padEnd(50)}$ ${type}`).join("\n")),
		);
	}
}

const STEPS: [what: string, type: string][] = [
	["What is known about the kernel that runs here", "kprep target"],
	["What a build for it needs on this machine", "kprep doctor"],
	["Which source trees would fit", "kprep source list"],
	["Fetching the best of them", "kprep source get"],
	["Making it ready for the kernel", "kprep sync"],
	["A module to start from, built and checked", "kprep new hello && kprep build hello"],
	["What the kernel itself says to it, in QEMU", "kprep check hello/hello.ko --boot"],
];
