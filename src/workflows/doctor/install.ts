import { KprepError } from "../../errors.ts";
import { Root } from "../../host/files/root.ts";
import { readDistribution } from "../../host/machine/distribution.ts";
import { timed } from "../../host/machine/durations.ts";
import { installCommand, refreshCommand } from "../../host/packages/tools.ts";
import { type RootRun, runAsRoot } from "../../host/process/run-as-root.ts";
import type { Progress } from "../../host/progress.ts";
import type { DoctorReport, ToolReport } from "../../report/doctor.ts";

/** Whether to go on with this command line; throws when nobody can be asked. */
export type Confirm = (command: string) => Promise<boolean>;

/**
 * Installs what the report misses. A package that is only useful, and that this release of the distribution does not
 * have, is no failure. False when the user said no.
 * Throws KprepError "missing" when a tool has no known package, "command" when the installation fails.
 */
export async function installMissing(
	report: DoctorReport,
	confirm: Confirm,
	progress: Progress,
	signal: AbortSignal,
): Promise<boolean> {
	const lacking = report.tools.filter(({ ok }) => !ok);
	const unknown = lacking.filter((tool) => tool.must && (tool.package === null || tool.available === false));
	if (report.install === null && unknown.length === 0) return true;
	if (report.install !== null) {
		progress.done();
		if (!(await confirm(report.install))) return false;
		await install(
			lacking.filter(({ available }) => available !== false),
			progress,
			signal,
		);
	}
	if (unknown.length > 0)
		throw new KprepError(
			"missing",
			"no-package",
			`no package is known for ${unknown.map(({ name }) => name).join(", ")}`,
			{
				where: report.distribution ?? "this distribution",
				suggestions: [
					...(unknown.some(({ bring }) => bring !== null) ? ["kprep toolchain get"] : []),
					"install them by hand, then run kprep doctor again",
				],
			},
		);
	return true;
}

/**
 * All in one go, as it was shown; where that fails one by one, so that one package that does not exist keeps none of the
 * others away. Throws "command" with what failed of the needed ones in the end.
 */
async function install(tools: ToolReport[], progress: Progress, signal: AbortSignal): Promise<void> {
	const distribution = readDistribution(new Root());
	const packages = (must: boolean) => [
		...new Set(tools.filter((tool) => tool.must === must).flatMap((tool) => tool.package ?? [])),
	];
	const needed = packages(true);
	const useful = packages(false).filter((name) => !needed.includes(name));
	const asked = async (command: string[] | null): Promise<RootRun> => {
		if (command === null) return { status: 0, text: "", denied: false };
		const options = { progress, signal, env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" } };
		const done = await runAsRoot(command, options);
		signal.throwIfAborted();
		if (done.denied) throw failed(done);
		return done;
	};
	const attempt = (names: string[]) => {
		progress.step("install", names.join(" "));
		return asked(installCommand(names, distribution));
	};
	await timed(`install ${needed.length + useful.length}`, progress, async () => {
		if ((await attempt([...needed, ...useful])).status === 0) return;
		// A new machine has no package lists yet, or old ones that name files which are gone.
		progress.step("package lists");
		await asked(refreshCommand(distribution));
		if ((await attempt([...needed, ...useful])).status === 0) return;
		const done = await attempt(needed);
		let lost: RootRun | null = null;
		if (done.status !== 0)
			for (const name of needed) {
				const one = await attempt([name]);
				if (one.status === 0) continue;
				progress.warn(`${name} could not be installed`);
				lost = one;
			}
		for (const name of useful)
			if ((await attempt([name])).status !== 0)
				progress.warn(`${name} could not be installed: this release of the distribution may not have it`);
		if (lost !== null) throw failed(lost);
	});
}

function failed({ text }: RootRun): KprepError {
	return new KprepError("command", "command-failed", text, { suggestions: ["kprep doctor"] });
}
