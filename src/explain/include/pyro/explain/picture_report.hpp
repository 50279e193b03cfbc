// Explained faces as JSON, pictures and a page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pyro/explain/heat.hpp"
#include "pyro/html/page.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::explain {

// What was explained, of one face.
struct FaceExplanation {
  std::string image;  // as the user gave it
  int face = 1;       // 1-based, best first
  crop::GreyFace picture;
  std::string model, head;
  std::string method;  // "cam", "grad-cam", "smoothgrad"
  records::Expression expression;
  std::size_t target = 0;  // the class, of kEmotionNames
  PlaceMap map;
  Faithfulness faithfulness;
};

[[nodiscard]] nlohmann::ordered_json to_json(const FaceExplanation& face);
// The same in a line for people.
[[nodiscard]] std::string text_of(const FaceExplanation& face);

// Face and face with map side by side, as the bytes of a PNG.
[[nodiscard]] std::string side_by_side_png(const FaceExplanation& face);

[[nodiscard]] html::Page pictures_page(const std::vector<FaceExplanation>& faces);

// Writes into the folder, which is made where it is missing: explanation.html, and for each face
// "<picture>-<face>-<class>.png". Error (failed): it cannot be written.
[[nodiscard]] Status write_pictures(const std::vector<FaceExplanation>& faces, const std::string& folder);

}  // namespace pyro::explain
