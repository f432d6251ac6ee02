import type { Cell, MatrixDocument, MatrixTarget } from "../../../../src/report/matrix/document.ts";

export function target(given: Partial<MatrixTarget> & { name: string }): MatrixTarget {
	return {
		...{ spec: {}, release: "6.1.0-1", exact: null, source: null, output: null, verify: null },
		...{ toolchain: null, drift: [], seconds: 1, machine: null, failed: null },
		...given,
	};
}

export function cell(given: Partial<Cell> & { target: string; module: string }): Cell {
	return {
		...{ stage: "check", verdict: "loads", errno: null, message: null, diagnosis: null, seconds: 1 },
		...{ kept: false, modules: [], boot: null, log: [] },
		...given,
	};
}

export function matrix({
	modules,
	targets,
	cells,
}: {
	modules: string[];
	targets: MatrixTarget[];
	cells: Cell[];
}): MatrixDocument {
	const named = modules.map((name) => ({ name, path: `/src/${name}`, kind: "folder" as const }));
	return { modules: named, targets, cells, seconds: 2 };
}
