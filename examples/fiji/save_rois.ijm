// Saves the ROIs of the ROI Manager as corrected, for unet import.
//
// Plugins > Macros > Run... saves NAME_rois.zip beside the image of the front
// window. Without asking, it opens ROIs first, drops the smallest and ends:
//   java -jar ij.jar -macro save_rois.ijm "cells.png,masks/cells_rois.zip,fixed/cells_rois.zip"

given = getArgument();
if (given == "") {
  out = getDirectory("image") + File.getNameWithoutExtension(getTitle()) + "_rois.zip";
} else {
  parts = split(given, ",");
  open(parts[0]);
  roiManager("open", parts[1]);
  out = parts[2];
  smallest = 0;
  least = 1e30;
  for (at = 0; at < roiManager("count"); at++) {
    roiManager("select", at);
    area = getValue("Area raw");
    if (area < least) {
      least = area;
      smallest = at;
    }
  }
  roiManager("select", smallest);
  roiManager("delete");
}
if (roiManager("count") == 0) exit("Cannot save ROIs: found none in the ROI Manager");
roiManager("deselect");
roiManager("save", out);
print(roiManager("count") + " ROIs saved: " + out);
if (given != "") run("Quit");
