import { expect, it } from "vitest";
import { withGiven } from "../../../src/cli/own-words.ts";

const GIVEN = { target: "6.1.0-1", sysroot: "/mnt/a board", config: "c", output: "out" };

it.each([
	["kprep source list", "kprep source list -t 6.1.0-1 --sysroot '/mnt/a board' --config c"],
	["kprep source get -t 5.10", "kprep source get -t 6.1.0-1 --sysroot '/mnt/a board' --config c"],
	["kprep undo /tree", "kprep undo /tree -O out"],
	["kprep sync /t --sysroot /other", "kprep sync /t --sysroot /other -O out -t 6.1.0-1 --config c"],
	["kprep source get -t 'x `id`' y", "kprep source get -t 6.1.0-1 y --sysroot '/mnt/a board' --config c"],
	["kprep undo '/t (1);  x'", "kprep undo '/t (1);  x' -O out"],
	["kprep undo $'/t\\'s\\n'\\''x'", "kprep undo $'/t\\'s\\n'\\''x' -O out"],
	["kprep explain vermagic-release", "kprep explain vermagic-release"],
	["the same command with --force", "the same command with --force"],
	["make -C /t modules", "make -C /t modules"],
	["kprep source get brings it (from a mirror)", "kprep source get brings it (from a mirror)"],
])("%s", (line, expected) => expect(withGiven(line, GIVEN)).toBe(expected));

it("nothing is added where nothing was named", () => {
	expect(withGiven("kprep source list -t 5.10", {})).toBe("kprep source list -t 5.10");
});
