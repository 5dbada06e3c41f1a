import { MpiError } from './errors.js';

/** What started this process as one of several. */
export interface Launcher {
  /** Such as `mpirun of Open MPI`. */
  readonly name: string;
  /** The implementation of MPI that it belongs to. */
  readonly family: 'Open MPI' | 'MPICH';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The launcher that started this process, by the variables that it sets; undefined where there is
 * none. `TGAN_MPI=off` lets each process train alone.
 *
 * @throws MpiError under Slurm's `srun` without MPI, where each task would train a run of its own.
 */
export function findLauncher(env: Environment = process.env): Launcher | undefined {
  if (env['TGAN_MPI'] === 'off') return undefined;
  const slurm = env['SLURM_STEP_ID'] !== undefined;
  if (env['OMPI_COMM_WORLD_RANK'] !== undefined) {
    return { name: 'mpirun of Open MPI', family: 'Open MPI' };
  }
  if (env['PMIX_RANK'] !== undefined) {
    return { name: slurm ? 'srun --mpi=pmix' : 'a PMIx launcher', family: 'Open MPI' };
  }
  if (env['PMI_RANK'] !== undefined) {
    return { name: slurm ? 'srun --mpi=pmi2' : 'mpirun of MPICH', family: 'MPICH' };
  }
  if (slurm && Number(env['SLURM_STEP_NUM_TASKS']) > 1) {
    throw new MpiError(
      'srun started several tasks without MPI: add --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH), ' +
        'see srun --mpi=list; or set TGAN_MPI=off to train a run in each task',
    );
  }
  return undefined;
}
