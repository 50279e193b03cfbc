#include "pyro/capture/source.hpp"
#include "pyro/crop/whole_picture.hpp"
#include "pyro/datasets/dataset.hpp"

namespace pyro::datasets {

Result<records::Frame> load_picture(const Item& item) {
  const std::string name =
      "'" + item.name + "'" + (item.line > 0 ? " (line " + std::to_string(item.line) + " of its CSV)" : "");
  // Only a file that lies there is opened: a data set's text must not start a camera or call an address.
  std::error_code error;
  const std::filesystem::path file = std::filesystem::absolute(item.name, error);
  if (error || !std::filesystem::is_regular_file(file, error))
    return bad_input("there is no picture " + name + ": check the path");
  Result<std::unique_ptr<capture::Source>> source = capture::open(file.string());
  if (!source) return bad_input("the picture " + name + " cannot be read", source.error().text());
  if (!(*source)->info().stills) return bad_input(name + " is no picture (jpeg, png, webp, bmp) but a video");
  Result<std::optional<records::Frame>> frame = (*source)->next();
  if (!frame || !*frame) {
    return bad_input("the picture " + name + " cannot be read", frame ? std::string() : frame.error().text());
  }
  // What the decoder had to fill in is told at the end.
  const Result<std::optional<records::Frame>> end = (*source)->next();
  if (!end) return bad_input("the picture " + name + " is damaged", end.error().text());
  return **frame;
}

Result<crop::GreyFace> load_face(const Item& item) {
  if (item.face) return *item.face;
  const Result<records::Frame> frame = load_picture(item);
  if (!frame) return tl::make_unexpected(frame.error());
  return crop::whole(*frame);
}

}  // namespace pyro::datasets
