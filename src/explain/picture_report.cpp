#include "pyro/explain/picture_report.hpp"

#include <filesystem>
#include <map>

#include "pyro/base/files.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/pictures.hpp"

namespace pyro::explain {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kScale = 6;
constexpr int kShown = crop::kExpressionSide * kScale;

std::string class_name(std::size_t target) {
  return std::string{records::kEmotionNames.at(target)};
}

std::string method_text(const std::string& method) {
  if (method == "cam") return "class activation map, no gradient";
  if (method == "grad-cam") return "Grad-CAM";
  return "SmoothGrad, input gradients";
}

std::string what_colours_say(const std::string& method, const std::string& name) {
  if (method == "smoothgrad") return "orange: where a change of the pixels moves " + name + " most";
  return "orange raises " + name + ", blue lowers it";
}

html::LineChart curves(const std::string& title, const std::string& x, const std::vector<double>& own,
                       const std::vector<double>& random, html::Tint tint) {
  std::vector<double> share;
  share.reserve(own.size());
  for (std::size_t i = 0; i < own.size(); ++i)
    share.push_back(100.0 * static_cast<double>(i) / static_cast<double>(own.size() - 1));
  return {title,
          {x, false, 0.0, 100.0},
          {"probability", false, 0.0, 1.0},
          {{"by the map", share, own, {}, {}, tint},
           {"random maps, mean", share, random, {}, {}, html::Tint::muted, true}},
          {},
          false,
          {400, 260}};
}

html::Picture raster(const std::vector<std::uint8_t>& rgb, const std::string& caption) {
  return {html::png_data_uri({rgb, kShown, kShown, 3}), caption};
}

void add_face(html::Page& page, const FaceExplanation& face) {
  const std::string name = class_name(face.target);
  const Faithfulness& faith = face.faithfulness;
  page.section(std::filesystem::path(face.image).filename().string() + ", face " + std::to_string(face.face) +
               ": " + name);
  const double p = static_cast<double>(face.expression.p[face.target]);
  const std::string said = class_name(static_cast<std::size_t>(face.expression.label()));
  page.add(html::beside(
      {html::picture(raster(plain_picture(face.picture, kScale), "what the network sees, 48 × 48, enlarged"),
                     kShown),
       html::picture(
           raster(heat_picture(face.picture, face.map, kScale), what_colours_say(face.method, name)),
           kShown)}));
  const auto tile = [&](double area, double random, int as_good, const char* label, bool better) {
    return html::Tile{html::fixed(area, 3), label,
                      "random " + html::fixed(random, 3) + "; " + std::to_string(as_good) + " of " +
                          std::to_string(faith.options.random) + " random maps as good",
                      better ? html::Tint::good : html::Tint::warning};
  };
  page.add(html::tiles(
      {{html::fixed(100 * p, 1) + " %", "probability of " + name,
        said == name ? "the network's answer" : "its answer is " + said,
        html::emotion_tint(static_cast<int>(face.target))},
       tile(faith.deletion_area, faith.random_deletion_area, faith.random_deletion_as_good,
            "deletion area (low is good)", faith.deletion_area < faith.random_deletion_area),
       tile(faith.insertion_area, faith.random_insertion_area, faith.random_insertion_as_good,
            "insertion area (high is good)", faith.insertion_area > faith.random_insertion_area)}));
  page.add(html::beside({html::chart(curves("Deletion", "pixels deleted, %", faith.deletion,
                                            faith.random_deletion, html::Tint::accent)),
                         html::chart(curves("Insertion", "pixels inserted, %", faith.insertion,
                                            faith.random_insertion, html::Tint::accent))}));
  page.add(html::paragraph(method_text(face.method) + " · " + face.model + ", head " + face.head + " · map " +
                           std::to_string(face.map.height) + " × " + std::to_string(face.map.width) + " · " +
                           std::to_string(faith.options.steps) + " steps, seed " +
                           std::to_string(faith.options.seed)));
}

}  // namespace

nlohmann::ordered_json to_json(const FaceExplanation& face) {
  const Faithfulness& faith = face.faithfulness;
  Json map = Json::array();
  for (int y = 0; y < face.map.height; ++y) {
    const auto row = face.map.values.begin() + static_cast<std::ptrdiff_t>(y) * face.map.width;
    map.push_back(Json(std::vector<float>(row, row + face.map.width)));
  }
  const auto one = [&](double area, double random, int as_good, const std::vector<double>& curve,
                       const std::vector<double>& random_curve) {
    return Json{{"area", area},
                {"random_area", random},
                {"random_as_good", as_good},
                {"curve", curve},
                {"random_curve", random_curve}};
  };
  return {{"image", face.image},
          {"face", face.face},
          {"model", face.model},
          {"head", face.head},
          {"method", face.method},
          {"class", class_name(face.target)},
          {"label", class_name(static_cast<std::size_t>(face.expression.label()))},
          {"p", face.expression.p},
          {"map", std::move(map)},
          {"deletion", one(faith.deletion_area, faith.random_deletion_area, faith.random_deletion_as_good,
                           faith.deletion, faith.random_deletion)},
          {"insertion", one(faith.insertion_area, faith.random_insertion_area, faith.random_insertion_as_good,
                            faith.insertion, faith.random_insertion)},
          {"random_maps", faith.options.random},
          {"seed", faith.options.seed}};
}

std::string text_of(const FaceExplanation& face) {
  const Faithfulness& faith = face.faithfulness;
  return face.image + ", face " + std::to_string(face.face) + ": " + class_name(face.target) + " " +
         html::fixed(100 * static_cast<double>(face.expression.p[face.target]), 1) + " %; deletion area " +
         html::fixed(faith.deletion_area, 3) + " (random " + html::fixed(faith.random_deletion_area, 3) +
         "), insertion area " + html::fixed(faith.insertion_area, 3) + " (random " +
         html::fixed(faith.random_insertion_area, 3) + ")";
}

std::string side_by_side_png(const FaceExplanation& face) {
  const std::vector<std::uint8_t> left = plain_picture(face.picture, kScale),
                                  right = heat_picture(face.picture, face.map, kScale);
  constexpr std::size_t kRow = std::size_t{3} * kShown;
  std::vector<std::uint8_t> both;
  both.reserve(left.size() + right.size());
  for (std::size_t y = 0; y < kShown; ++y) {
    for (const auto* half : {&left, &right}) {
      const auto row = half->begin() + static_cast<std::ptrdiff_t>(y * kRow);
      both.insert(both.end(), row, row + kRow);
    }
  }
  return html::png({both, 2 * kShown, kShown, 3});
}

html::Page pictures_page(const std::vector<FaceExplanation>& faces) {
  html::Page page("Where the network looked",
                  std::to_string(faces.size()) + (faces.size() == 1 ? " face" : " faces"),
                  html::Shows::scores);
  page.section("How to read this")
      .add(html::paragraph(
          "The map shows which places of the face raise or lower one class's answer. It explains the "
          "network, not the person: a strong colour is no proof that the expression is there."))
      .add(html::paragraph(
          "Whether the map says the truth: deleting the places that it ranks first should make the "
          "probability fall quickly (a small area), and inserting them into a blurred face should make it "
          "rise "
          "quickly (a large area). Beside it stand random maps on the same grid; a map that is no better "
          "than "
          "they are explains nothing."));
  for (const FaceExplanation& face : faces) add_face(page, face);
  return page;
}

Status write_pictures(const std::vector<FaceExplanation>& faces, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return failed("the folder '" + folder + "' cannot be made: check its path and permissions",
                  error.message());
  const std::filesystem::path to(folder);
  std::map<std::string, int> names;
  for (const FaceExplanation& face : faces) {
    std::string name = std::filesystem::path(face.image).stem().string() + "-" + std::to_string(face.face) +
                       "-" + class_name(face.target);
    // Pictures of one name in several folders.
    if (const int before = names[name]++; before > 0) name += "-" + std::to_string(before + 1);
    const auto file = to / (name + ".png");
    if (const Status written = replace_file(file, side_by_side_png(face)); !written) return written;
  }
  return pictures_page(faces).write(to / "explanation.html");
}

}  // namespace pyro::explain
