import { Converter, ReflectionFlag, ReflectionKind } from 'typedoc';

/** Makes the reference say what a caller needs, and not how the code happens to say it. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      nameByType(parameter);
      // Without the default, nothing else would say that it may be left out.
      if (parameter.parent.isSignature() && parameter.defaultValue !== undefined) {
        parameter.setFlag(ReflectionFlag.Optional);
      }
    }
    const valued = ReflectionKind.Parameter | ReflectionKind.Property | ReflectionKind.Variable;
    for (const reflection of project.getReflectionsByKind(valued)) {
      if (saysNothing.test(reflection.defaultValue)) delete reflection.defaultValue;
    }
  });
}

/** Defaults that are no values: no options, what TypeDoc has shortened, a field of a schema. */
const saysNothing = /^(?:\{\}|\.\.\.|\w+\.shape\.\w+)$/;

/** A parameter that is taken apart where it is declared has no name: `SvcOptions` is `options`. */
function nameByType(parameter) {
  if (parameter.name !== '__namedParameters') return;
  const { type } = parameter;
  const { name } = type?.name === 'Pick' ? type.typeArguments[0] : (type ?? {});
  const [word] = /[A-Z][a-z]+$/.exec(name ?? '') ?? ['options'];
  parameter.name = word.toLowerCase();
}
