// Opens the GeoJSON that unet segment --format geojson wrote for the current
// image, measures its objects, and makes annotations of them, which can be
// corrected. For a whole project: Run > Run for project.
//
// Written for QuPath 0.5 and later from its documentation.

import qupath.lib.common.GeneralTools
import qupath.lib.objects.PathObjects

// Where the results are; as the output folder of unet segment.
def folder = buildFilePath(PROJECT_BASE_DIR, "masks")
// Detections are fast by the hundred thousand; annotations can be edited.
def areAnnotations = true

def name = GeneralTools.getNameWithoutExtension(getCurrentServer().getMetadata().getName())
def file = new File(buildFilePath(folder, name + ".geojson"))
if (!file.exists()) {
    println "Cannot open objects \"${file}\": found no such file"
    return
}
importObjectsFromFile(file.getPath())
selectDetections()
addShapeMeasurements("AREA", "LENGTH", "CIRCULARITY", "SOLIDITY", "MAX_DIAMETER", "MIN_DIAMETER")
saveDetectionMeasurements(buildFilePath(folder, name + "_qupath.tsv"))
if (areAnnotations) {
    def detections = getDetectionObjects()
    addObjects(detections.collect {
        PathObjects.createAnnotationObject(it.getROI(), it.getPathClass())
    })
    removeObjects(detections, true)
}
println "${name}: ${getAllObjects(false).size()} objects"
