// Fails when something that a public lib exports has no TSDoc: every exported function, class, type
// and constant, and every method of an exported class or interface.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';

const libs = readdirSync('libs')
  .map((name) => join('libs', name))
  .filter((path) => !JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).private);

const mustHaveDocs =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.Function |
  ReflectionKind.TypeAlias |
  ReflectionKind.Variable |
  ReflectionKind.Method |
  ReflectionKind.Accessor;

let missing = 0;
for (const lib of libs) {
  const app = await Application.bootstrap({
    entryPoints: [join(lib, 'src/index.ts')],
    tsconfig: join(lib, 'tsconfig.json'),
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeExternals: true,
    logLevel: 'Error',
  });
  const project = await app.convert();
  if (!project) throw new Error(`${lib}: typedoc could not read it`);
  for (const reflection of Object.values(project.reflections)) {
    if (!reflection.kindOf(mustHaveDocs) || reflection.flags.isInherited) continue;
    if (hasDocs(reflection) || !isOurs(reflection, lib)) continue;
    console.log(`${lib}: ${reflection.getFullName()} has no TSDoc`);
    missing++;
  }
}
if (missing > 0) {
  console.log(`${missing} public names without TSDoc`);
  process.exitCode = 1;
}

function hasDocs(reflection) {
  if (reflection.hasComment()) return true;
  const accessors = [reflection.getSignature, reflection.setSignature];
  const signatures = [...(reflection.signatures ?? []), ...accessors].filter(Boolean);
  return signatures.some((signature) => signature.hasComment());
}

/**
 * Not what the types of zod and tfjs bring along, nor what merely overrides a documented tfjs
 * member.
 */
function isOurs(reflection, lib) {
  const source = reflection.sources?.[0]?.fileName ?? '';
  if (!source.includes(`${lib}/src/`) && !source.startsWith('src/')) return false;
  if (reflection.overwrites) return false;
  for (let parent = reflection.parent; parent; parent = parent.parent) {
    // Inside a zod schema or another object literal: its own doc covers it.
    if (
      parent.kindOf(ReflectionKind.Variable | ReflectionKind.TypeAlias | ReflectionKind.TypeLiteral)
    ) {
      return false;
    }
  }
  return true;
}
