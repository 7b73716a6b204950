// Measures the objects that unet segment --format roi wrote, in Fiji or ImageJ
// 1.54, and draws them on their image.
//
// Plugins > Macros > Run... asks for the files. Without asking:
//   java -jar ij.jar -macro measure.ijm "cells.png,masks/cells_rois.zip,cells"
// writes cells.csv and cells.jpg, and ends.

given = getArgument();
if (given == "") {
  image = File.openDialog("The image");
  rois = File.openDialog("Its ROIs, NAME_rois.zip");
  out = File.getDirectory(rois) + File.getNameWithoutExtension(image);
} else {
  parts = split(given, ",");
  image = parts[0];
  rois = parts[1];
  out = parts[2];
}
open(image);
run("Set Measurements...", "area mean standard centroid perimeter shape feret's display redirect=None decimal=3");
roiManager("open", rois);
roiManager("deselect");
roiManager("measure");
saveAs("Results", out + ".csv");
roiManager("set color", "yellow");
roiManager("show all without labels");
run("Flatten");
saveAs("Jpeg", out + ".jpg");
print(roiManager("count") + " objects measured: " + out + ".csv");
if (given != "") run("Quit");
