// From one long column of boxes to sheets.
#pragma once

#include <vector>

#include "box.hpp"

namespace pyro::pdf {

struct Placed {
  const Box* box;
  double y;               // from the top of the sheet's own column
  bool repeated = false;  // a head, drawn again
};
using Sheet = std::vector<Placed>;

// A box stays with the next where it asks for it and both fit on a sheet of that height. There is at least
// one sheet. The boxes must outlive the sheets.
[[nodiscard]] std::vector<Sheet> sheets_of(const Boxes& boxes, double height);

}  // namespace pyro::pdf
