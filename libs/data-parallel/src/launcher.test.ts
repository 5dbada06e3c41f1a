import { describe, expect, it } from 'vitest';
import { findLauncher, MpiError } from './index.js';

const slurm = { SLURM_STEP_ID: '0', SLURM_STEP_NUM_TASKS: '2' };

describe('findLauncher', () => {
  it.each([
    [{ OMPI_COMM_WORLD_RANK: '0' }, 'mpirun of Open MPI', 'Open MPI'],
    // Open MPI's launcher sets both.
    [{ OMPI_COMM_WORLD_RANK: '1', PMIX_RANK: '1' }, 'mpirun of Open MPI', 'Open MPI'],
    [{ PMIX_RANK: '0' }, 'a PMIx launcher', 'Open MPI'],
    [{ PMI_RANK: '3' }, 'mpirun of MPICH', 'MPICH'],
    [{ ...slurm, PMIX_RANK: '0' }, 'srun --mpi=pmix', 'Open MPI'],
    [{ ...slurm, PMI_RANK: '0' }, 'srun --mpi=pmi2', 'MPICH'],
    // mpirun within an allocation of Slurm.
    [{ ...slurm, OMPI_COMM_WORLD_RANK: '0' }, 'mpirun of Open MPI', 'Open MPI'],
  ])('knows %j', (env, name, family) => {
    expect(findLauncher(env)).toEqual({ name, family });
  });

  it.each([
    [{}],
    [{ TGAN_MPI: 'off', OMPI_COMM_WORLD_RANK: '0' }],
    [{ TGAN_MPI: 'off', ...slurm }],
    // A batch script's own step, or srun of one task.
    [{ SLURM_JOB_ID: '1', SLURM_NTASKS: '4' }],
    [{ SLURM_STEP_ID: '0', SLURM_STEP_NUM_TASKS: '1' }],
  ])('finds none in %j', (env) => {
    expect(findLauncher(env)).toBeUndefined();
  });

  it('refuses tasks of Slurm that know nothing of one another', () => {
    expect(() => findLauncher(slurm)).toThrow(MpiError);
    expect(() => findLauncher(slurm)).toThrow(/add --mpi=pmix .* or set TGAN_MPI=off/);
  });
});
