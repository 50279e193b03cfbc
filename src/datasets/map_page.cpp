#include "pyro/datasets/map_page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "page_pictures.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/table.hpp"
#include "words.hpp"

namespace pyro::datasets {
namespace {

nlohmann::json rate_json(const std::vector<Judged>& judged, std::uint64_t seed) {
  return {{"n", judged.size()},
          {"accuracy", figures_of(judged).accuracy},
          {"accuracy_95", pair_of(accuracy_interval(judged, seed))}};
}

html::Tile rate_tile(const char* label, const std::vector<Judged>& judged, std::uint64_t seed) {
  const Interval interval = accuracy_interval(judged, seed);
  return {percent(figures_of(judged).accuracy), label,
          html::fixed(100 * interval.low, 1) + " to " + html::fixed(100 * interval.high, 1) + " %, n " +
              html::grouped(static_cast<long long>(judged.size()))};
}

html::Html figure_tiles(const MapDrawing& drawing) {
  const MapFigures& figures = drawing.figures;
  std::vector<html::Tile> tiles{
      {html::fixed(figures.kept.trustworthiness, 3), "trustworthiness",
       "k " + std::to_string(figures.kept.k) + ", n " + html::grouped(figures.kept.n) + "; 1: none false"},
      {html::fixed(figures.kept.continuity, 3), "continuity", "the same faces; 1: none lost"}};
  if (!figures.on_map.empty())
    tiles.push_back(rate_tile("right by neighbours on the map", figures.on_map, drawing.seed));
  if (!figures.in_embedding.empty())
    tiles.push_back(rate_tile("right by neighbours in the embedding", figures.in_embedding, drawing.seed));
  if (!figures.head.empty())
    tiles.push_back(rate_tile("right by the network's head", figures.head, drawing.seed));
  return html::tiles(tiles);
}

html::Html scatter_of(const MapDrawing& drawing, std::size_t most) {
  html::Scatter scatter;
  scatter.title = "The map";
  scatter.size = {1000, 720};
  for (std::size_t c = 0; c < records::kClasses; ++c)
    scatter.groups.push_back({class_name(c), html::emotion_tint(static_cast<int>(c))});
  for (const MappedFace& face : drawing.faces) {
    if (scatter.dots.size() == most) break;
    if (face.label < 0) continue;
    scatter.dots.push_back(
        {static_cast<double>(face.at.x), static_cast<double>(face.at.y), face.label, face.title});
    scatter.pictures.push_back({face.face->pixels, crop::kExpressionSide, crop::kExpressionSide, 1});
  }
  for (const records::PlacedFace& centre : drawing.centres)
    scatter.labels.push_back({static_cast<double>(centre.at.x), static_cast<double>(centre.at.y),
                              class_name(static_cast<std::size_t>(centre.label))});
  return html::chart(scatter);
}

// Of each class: how often each way of reading it is right.
html::Html class_table(const MapFigures& figures) {
  html::Table table{
      "Share of each class that is read right", {"class", "faces", "neighbours on the map"}, {}};
  const bool embedding_too = !figures.in_embedding.empty();
  if (embedding_too) table.header.emplace_back("neighbours in the embedding");
  table.header.emplace_back("head");
  const auto recall = [](const Confusion& confusion, std::size_t c) {
    int all = 0;
    for (const int count : confusion[c]) all += count;
    return html::Cell::percent(static_cast<double>(confusion[c][c]) / all);
  };
  const Confusion on_map = confusion_of(figures.on_map), in_embedding = confusion_of(figures.in_embedding),
                  head = confusion_of(figures.head);
  for (std::size_t c = 0; c < records::kClasses; ++c) {
    const auto faces = std::ranges::count_if(
        figures.on_map, [&](const Judged& one) { return one.truth == static_cast<int>(c); });
    if (faces == 0) continue;
    std::vector<html::Cell> row{class_name(c), html::Cell::count(faces), recall(on_map, c)};
    if (embedding_too) row.push_back(recall(in_embedding, c));
    row.push_back(recall(head, c));
    table.rows.push_back(std::move(row));
  }
  return html::table(table);
}

}  // namespace

nlohmann::json to_json(const MapFigures& figures, std::uint64_t seed) {
  nlohmann::json json{{"k", figures.kept.k},
                      {"neighbourhoods",
                       {{"n", figures.kept.n},
                        {"trustworthiness", figures.kept.trustworthiness},
                        {"continuity", figures.kept.continuity}}}};
  for (const auto& [name, judged] :
       {std::pair("knn_on_map", &figures.on_map), std::pair("knn_in_embedding", &figures.in_embedding),
        std::pair("by_head", &figures.head)})
    if (!judged->empty()) json[name] = rate_json(*judged, seed);
  return json;
}

html::Page map_page(const MapDrawing& drawing) {
  html::Page page("Where faces lie on the map of the embedding", drawing.subtitle, html::Shows::scores);
  page.section("Figures")
      .add(html::warning("This page holds pictures of the set's faces. It stays on this host: do not send "
                         "it or put it on a server."))
      .add(figure_tiles(drawing));
  for (const std::string& remark : drawing.remarks) page.add(html::paragraph(remark));
  if (!drawing.figures.on_map.empty()) page.add(class_table(drawing.figures));
  page.section("Map")
      .add(html::paragraph(
          "Each dot is a face that the map was not fitted on, coloured by its class; pointing at it shows "
          "the face. Near dots are faces that the network holds for alike, so a dot among dots of another "
          "colour is one that it mixes up. How far two separate groups lie apart, how large a group is and "
          "the axes mean little. Each class's name stands at the middle of its fitted faces."))
      .add(scatter_of(drawing, kMostDrawn));
  const auto known = static_cast<std::size_t>(
      std::ranges::count_if(drawing.faces, [](const MappedFace& face) { return face.label >= 0; }));
  const auto number = [](std::size_t count) { return html::grouped(static_cast<long long>(count)); };
  if (known > kMostDrawn)
    page.add(html::paragraph("The first " + number(kMostDrawn) + " of " + number(known) +
                             " faces are drawn; the figures are those of all."));
  if (known < drawing.faces.size())
    page.add(html::paragraph(number(drawing.faces.size() - known) +
                             " faces whose class is not known are not drawn."));
  return page;
}

}  // namespace pyro::datasets
