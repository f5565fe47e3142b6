// What a backward pass may write over, decided once from the program: where each gradient goes, and when it must be copied first.
#pragma once

#include <vector>

#include "program.h"

namespace selfadapt::trunk {

// Adds a plan of the backward pass to a plan. `training`: batch norms by batch statistics. `imageGradients`: whether the images
// may want a gradient; a pass in which they do not may copy where it need not.
void planBackward(Plan& plan, bool training, bool imageGradients);

}  // namespace selfadapt::trunk
