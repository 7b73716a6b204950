/**
 * Trains one network on the processes that mpiexec starts, on one machine or
 * several. Rank 0 alone prints and writes; a fault of one rank ends them all.
 *
 *     mpiexec -n 2 deno run -q -P=mpi examples/mpi.ts images-and-masks runs/mpi
 */
import { app } from "@unet/unet";
import { findMpi, openMpi } from "@unet/mpi";

const [data, out = "runs/mpi", settings = "{}"] = Deno.args;
if (data === undefined) {
  console.error("Usage: mpi.ts DATA [RUN] [SETTINGS]");
  Deno.exit(2);
}

const communicator = openMpi({ path: await findMpi() });
const { rank, size, version } = communicator;
if (rank === 0) console.log(`${size} ranks by ${version}`);
try {
  await app.train({ data, out, epochs: 20, ...JSON.parse(settings) }, {
    communicator,
    onEpoch({ row }) {
      if (rank === 0) console.log(`epoch ${row.epoch}: F1 ${row.f1}`);
    },
  });
  communicator.close();
} catch (error) {
  console.error(`rank ${rank}:`, error);
  communicator.abort(1);
}
