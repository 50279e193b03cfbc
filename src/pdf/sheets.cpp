#include "sheets.hpp"

namespace pyro::pdf {

std::vector<Sheet> sheets_of(const Boxes& boxes, double height) {
  std::vector<Sheet> sheets(1);
  double y = 0;
  const auto place = [&](const Box& box) {
    if (box.between && sheets.back().empty()) return;
    if (!sheets.back().empty()) y += box.space;
    if (sheets.back().empty() && box.head) {
      sheets.back().push_back({box.head.get(), 0, true});
      y += box.head->height;
    }
    sheets.back().push_back({&box, y});
    y += box.height;
  };
  const auto new_sheet = [&] {
    sheets.emplace_back();
    y = 0;
  };
  // What must stay together, from i on.
  const auto together = [&](std::size_t i) {
    std::size_t end = i + 1;
    while (end < boxes.size() && boxes[end - 1].with_next) ++end;
    return end;
  };
  for (std::size_t i = 0; i < boxes.size();) {
    const std::size_t end = together(i);
    double needed = 0;
    for (std::size_t k = i; k < end; ++k) needed += boxes[k].height + (k == i ? 0 : boxes[k].space);
    const bool begun = !sheets.back().empty();
    if (begun && y + boxes[i].space + needed > height && needed <= height) new_sheet();
    for (; i < end; ++i) {
      // Together they are higher than a sheet: then as it comes.
      if (!sheets.back().empty() && y + boxes[i].space + boxes[i].height > height) new_sheet();
      place(boxes[i]);
    }
  }
  return sheets;
}

}  // namespace pyro::pdf
