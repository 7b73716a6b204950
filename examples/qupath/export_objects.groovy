// Writes the annotations of the current image as GeoJSON for unet import. For a
// whole project: Run > Run for project.
//
// Written for QuPath 0.5 and later from its documentation.

import qupath.lib.common.GeneralTools

def folder = buildFilePath(PROJECT_BASE_DIR, "corrected")
mkdirs(folder)
def name = GeneralTools.getNameWithoutExtension(getCurrentServer().getMetadata().getName())
// A region that bounds the objects is no object itself.
def objects = getAnnotationObjects().findAll { it.getPathClass()?.getName() != "Region*" }
if (objects.isEmpty()) {
    println "Cannot export \"${name}\": found no annotations"
    return
}
exportObjectsToGeoJson(objects, buildFilePath(folder, name + ".geojson"),
    "EXCLUDE_MEASUREMENTS", "FEATURE_COLLECTION")
println "${name}: ${objects.size()} objects exported"
