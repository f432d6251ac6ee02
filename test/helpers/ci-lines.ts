import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (name: string) =>
	readFileSync(fileURLToPath(new URL(`../../templates/ci/${name}`, import.meta.url)), "utf8").split("\n");

/** The commands of templates/ci, as a runner would type them: `run:` of the action, `script:` of the job, RUN of the image. */
export const CI_LINES = {
	action: read("action.yml").flatMap((line) => /^\s+run: (.+)$/.exec(line)?.[1] ?? []),
	gitlab: read(".gitlab-ci.kprep.yml").flatMap((line) => /^ {4}- (.+)$/.exec(line)?.[1] ?? []),
	docker: read("Dockerfile").flatMap((line) => /^RUN (.+)$/.exec(line)?.[1] ?? []),
};
