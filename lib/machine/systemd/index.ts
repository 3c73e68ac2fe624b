export { defineUnit, isSection, type RestartSetting, type ServiceSettings, type ServiceType, type UnitDefinition } from './definition.ts';
export { type Ending, endingText, type Executed, type Execution, type Executor, type NotExecuted } from './execution.ts';
export { FileUnit, type Ran } from './file-unit.ts';
export { Job, type JobResult } from './job.ts';
export { Journal, type JournalEntry } from './journal.ts';
export { fullName, shortName, Systemd, TransactionError } from './systemd.ts';
export { changedOnDisk, dropInsOf, loadUnit, unitDirectories, type UnitFile, unitFilesOf } from './unit-files.ts';
export { parseUnitText, type UnitText } from './unit-text.ts';
