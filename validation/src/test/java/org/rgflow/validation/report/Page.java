package org.rgflow.validation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A page as a tree, and what every page must be. */
record Page(Document document) {
  static Page parse(String text) throws IOException {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      builder.setErrorHandler(null);
      return new Page(builder.parse(new InputSource(new StringReader(text))));
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException("the page is not well-formed: " + e.getMessage(), e);
    }
  }

  /** All elements of a name, {@code *} for all, in the order of the page. */
  List<Element> elements(String name) {
    List<Element> result = new ArrayList<>();
    NodeList list = document.getElementsByTagName(name);
    for (int i = 0; i < list.getLength(); i++) {
      result.add((Element) list.item(i));
    }
    return result;
  }

  List<Element> ofClass(String style) {
    return elements("*").stream().filter(e -> List.of(e.getAttribute("class").split(" ")).contains(style)).toList();
  }

  List<String> texts(String name) {
    return elements(name).stream().map(Element::getTextContent).toList();
  }

  /** Every id once, every link to one of them or to the arXiv, and nothing loaded from elsewhere or run. */
  void requireSelfContained() {
    List<String> ids = elements("*").stream().map(e -> e.getAttribute("id")).filter(i -> !i.isEmpty()).toList();
    assertThat(ids).doesNotHaveDuplicates();
    for (Element element : elements("*")) {
      assertThat(element.getTagName()).isNotIn("script", "link", "iframe", "object", "embed", "base", "form");
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        String name = attributes.item(i).getNodeName();
        String value = attributes.item(i).getNodeValue();
        assertThat(name).doesNotStartWith("on");
        switch (name) {
          case "src" -> assertThat(value).startsWith("data:image/png;base64,");
          case "href" -> assertThat(value.startsWith("#") ? ids.contains(value.substring(1))
              : value.startsWith("https://arxiv.org/abs/")).as(value).isTrue();
          case "style" -> assertThat(value).matches("width:\\d+%|--tiles:\\d+");
          case "srcset", "action", "data", "poster", "background" -> assertThat(value).as(name).isEmpty();
          default -> { }
        }
      }
    }
    assertThat(texts("style")).allSatisfy(css -> assertThat(css).doesNotContain("url(", "@import", "expression("));
  }
}
