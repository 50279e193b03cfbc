// What is sent of a face in a live message, as contracts/live.schema.json has it.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "pyro/records/observation.hpp"

namespace pyro::live {

// Which points of the mesh a listener wants beside each face.
enum class MeshWish : std::uint8_t { none, contours, all };
inline constexpr std::size_t kMeshWishes = 3;
inline constexpr std::array<std::string_view, kMeshWishes> kMeshWishNames{"none", "contours", "all"};

// Of the face's last minute.
struct FaceLately {
  double index_per_min = std::numeric_limits<double>::quiet_NaN();
  double confidence = std::numeric_limits<double>::quiet_NaN();  // share of valid frames, 0..1
};

// No blendshapes; of the mesh what is wished for, x and y in turn, whole numbers in 1/10,000 of the picture's
// width and height. The rest is in what is kept.
void append_compact_json(std::string& out, const records::Observation& face, const FaceLately& lately,
                         MeshWish mesh, std::int32_t width, std::int32_t height);

// {"type":"mesh",…}: which points of the canonical mesh come, in their order, and the outlines through them.
[[nodiscard]] std::string mesh_text(MeshWish mesh);

}  // namespace pyro::live
