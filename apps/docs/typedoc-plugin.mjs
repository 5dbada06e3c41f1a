import { Converter, ReflectionFlag, ReflectionKind } from 'typedoc';

/** Makes the reference say what a caller needs, and not how the code happens to say it. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
      nameByType(parameter);
      if (parameter.defaultValue !== undefined) parameter.setFlag(ReflectionFlag.Optional);
      // Options that are left out have defaults of their own.
      if (parameter.defaultValue === '{}') delete parameter.defaultValue;
    }
    for (const property of project.getReflectionsByKind(ReflectionKind.Property)) {
      if (!isValue(property.defaultValue)) delete property.defaultValue;
    }
  });
}

/** A parameter that is taken apart where it is declared has no name: `SvcOptions` is `options`. */
function nameByType(parameter) {
  if (parameter.name !== '__namedParameters') return;
  const [word] = /[A-Z][a-z]+$/.exec(parameter.type?.name ?? '') ?? ['options'];
  parameter.name = word.toLowerCase();
}

/** Whether a default is a number, a text or such, and no expression that only the code can read. */
function isValue(text) {
  return /^(?:-?[\d._]+(?:e-?\d+)?|true|false|null|'[^']*'|"[^"]*")$/.test(text ?? '');
}
